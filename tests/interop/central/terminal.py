"""Commands of `zenml`, each in a process of its own. It is forked from this one, which has imported ZenML already: a
start takes seconds. What this process knows of a server, the new one forgets."""

import json
import os
import sys
import tempfile


class Done:
    """How a command ended."""

    def __init__(self, words, code, out, err):
        self.words, self.code, self.out, self.err = words, code, out, err

    @property
    def text(self):
        return self.out + self.err

    @property
    def json(self):
        return json.loads(self.out)

    def __repr__(self):
        return f"zenml {' '.join(self.words)}: exit code {self.code}\n{self.out}{self.err}"


def run(main, words, environment, stdin=""):
    """Runs `main`, which gives the command line its words from `sys.argv`."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(stdin.encode())
        given.seek(0)
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if child == 0:
            become(main, words, environment, [given, out, err])
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        printed = []
        for file in (out, err):
            file.seek(0)
            printed.append(file.read().decode())
    return Done(words, code, *printed)


def become(main, words, environment, files):
    """This process is the command, and ends with it."""
    # Without a terminal of its own, what asks for a password reads stdin.
    os.setsid()
    for number, file in enumerate(files):
        os.dup2(file.fileno(), number)
    code = 70
    try:
        os.environ.update(environment)
        sys.argv = ["zenml", *words]
        main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        import traceback

        traceback.print_exc()
        code = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
