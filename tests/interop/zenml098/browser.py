"""What a person does with the page that `zenml login` opens: looks at it, and fills in its form. The address is the
argument, name and password are in the environment, the answer is printed."""

import os
import sys
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import requests


class Page(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.action, self.fields = None, []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            assert attributes["method"] == "post"
            self.action = attributes["action"]
        if tag == "input":
            self.fields.append(attributes["name"])


address = sys.argv[1]
shown = requests.get(address, timeout=30)
shown.raise_for_status()
page = Page(shown.text)
# The script of the page fills these in from the address.
filled = {name: texts[0] for name, texts in parse_qs(urlsplit(address).query).items()}
filled |= {"username": os.environ["PERSON"], "password": os.environ["PERSON_PASSWORD"]}
assert sorted(page.fields) == sorted(filled), page.fields
answer = requests.post(urljoin(address, page.action), data=filled, timeout=30)
answer.raise_for_status()
