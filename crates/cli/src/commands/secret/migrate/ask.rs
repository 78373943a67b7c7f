//! What is asked about each secret, in ZenML's words.

use super::super::view::cell;
use crate::input::{Choice, Person};
use crate::output::Table;
use crate::session::Session;
use strongroom_core::{Error, Result, Secret, SecretName, Value};
use strongroom_engine::migration::{Action, Item, Migration, Plan, Standing, Wishes};

/// Whoever decides, and what was decided for all.
pub(super) struct Answers<'s> {
    session: &'s Session,
    person: Option<Person>,
    show_secrets: bool,
    /// Whether secrets shall be deleted at all.
    delete: bool,
    always_migrate: bool,
    always_overwrite: bool,
    always_delete: bool,
}

impl<'s> Answers<'s> {
    /// Nobody was asked yet.
    pub(super) fn new(wishes: &Wishes, show_secrets: bool, session: &'s Session) -> Self {
        let unasked = wishes.unasked;
        Self {
            session,
            person: None,
            show_secrets,
            delete: wishes.delete,
            always_migrate: unasked,
            always_overwrite: unasked,
            always_delete: unasked,
        }
    }

    /// Decides about every item that the run before did not decide on.
    ///
    /// # Errors
    /// As [`Person::choose`], and what looking at a new name fails with.
    pub(super) fn get(mut self, plan: &mut Plan, migration: &Migration<'_>) -> Result<()> {
        for index in 0..plan.items.len() {
            if !plan.items[index].decided {
                self.decide(index, plan, migration)?;
            }
        }
        Ok(())
    }

    fn decide(&mut self, index: usize, plan: &mut Plan, migration: &Migration<'_>) -> Result<()> {
        let is_asked = !(self.always_migrate && self.always_overwrite && (self.always_delete || !self.delete));
        if is_asked || self.show_secrets {
            self.show(&plan.items[index].secret);
        }
        let mut is_same = self.say_if_same(&plan.items[index]);
        if !is_same
            && !self.agrees("Would you like to migrate this secret ?", Choice::Yes, |all| &mut all.always_migrate)?
        {
            plan.items[index].migrate = false;
            return Ok(());
        }
        while let (false, Standing::Differs(_)) = (is_same, plan.items[index].standing()) {
            if !self.always_overwrite {
                let name = plan.items[index].target();
                self.session
                    .printer
                    .ask(format!("Secret `{name}` already exists in the central store and has other values."));
            }
            if self.agrees("Would you like to overwrite it ?", Choice::No, |all| &mut all.always_overwrite)? {
                break;
            }
            let name = self.new_name(index, plan)?;
            self.session.block_on(migration.rename(plan, index, name))?;
            is_same = self.say_if_same(&plan.items[index]);
        }
        if self.delete {
            let question = "Would you like to delete the secret ?";
            plan.items[index].delete = self.agrees(question, Choice::No, |all| &mut all.always_delete)?;
        }
        Ok(())
    }

    fn say_if_same(&self, item: &Item) -> bool {
        let is_same = matches!(item.standing(), Standing::Same(_));
        if is_same && item.action() == Action::Skipped {
            let name = item.target();
            self.session.printer.done(format!(
                "Secret `{name}` already exists in the central store and has the same values. Skipping migration..."
            ));
        }
        is_same
    }

    fn agrees(&mut self, question: &str, default: Choice, always: fn(&mut Self) -> &mut bool) -> Result<bool> {
        if *always(self) {
            return Ok(true);
        }
        let choice = self.person()?.choose(question, default).map_err(|error| {
            if error.hint().is_none() && !crate::prompt::is_interrupt(&error) {
                error.with_hint("`--non-interactive` says yes to all; nothing was changed yet")
            } else {
                error
            }
        })?;
        *always(self) = choice == Choice::All;
        Ok(choice != Choice::No)
    }

    fn new_name(&mut self, index: usize, plan: &Plan) -> Result<SecretName> {
        loop {
            let person = self.person()?;
            let can_repeat = matches!(person, Person::Terminal);
            let name = person.text("Please enter a new name for the secret.")?;
            let name = name.parse::<SecretName>().and_then(|name| match plan.is_taken(&name, index) {
                true => Err(Error::invalid(format!("another secret will be `{name}`"))),
                false => Ok(name),
            });
            match name {
                Err(error) if can_repeat => self.session.printer.ask(error.to_string()),
                name => return name,
            }
        }
    }

    fn show(&self, secret: &Secret) {
        let show = |value: &Value| if self.show_secrets { cell(value) } else { "***".to_owned() };
        let rows = secret.values.iter().map(|(key, value)| [key.to_owned(), show(value)]);
        let table = Table::new(["SECRET_KEY", "SECRET_VALUE"]).with_rows(rows);
        let printer = &self.session.printer;
        printer.ask(format!("Secret: {}\n{}", secret.name, printer.render(&table)));
    }

    fn person(&mut self) -> Result<&mut Person> {
        if self.person.is_none() {
            self.person = Some(Person::new()?);
        }
        self.person.as_mut().ok_or_else(|| Error::invalid("there is nobody to ask"))
    }
}
