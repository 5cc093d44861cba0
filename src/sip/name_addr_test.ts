import { deepEqual, equal } from "node:assert/strict";
import {
  displayNameText,
  formatNameAddr,
  type NameAddr,
  nameAddrParameter,
  nameAddrTag,
  parseNameAddr,
  withNameAddrParameter,
  withoutNameAddrParameter,
} from "./name_addr.ts";

function nameAddrOf(text: string): NameAddr {
  const parsed = parseNameAddr(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

Deno.test("parseNameAddr() reads display name, URI and header parameters", () => {
  type Row = readonly [string, string, string, readonly string[], "present" | "absent"];
  const rows: readonly Row[] = [
    ["sip:a@b", "", "sip:a@b", [], "absent"],
    ["<sip:a@b>", "", "sip:a@b", [], "present"],
    ["  sip:a@b ;   tag    = 27x", "", "sip:a@b", ["tag=27x"], "absent"],
    ["sip:+1@gw;unknownparam", "", "sip:+1@gw", ["unknownparam"], "absent"],
    ["<sip:+1@gw;unknownparam>", "", "sip:+1@gw;unknownparam", [], "present"],
    ["<sip:a@b;lr>;expires=60", "", "sip:a@b;lr", ["expires=60"], "present"],
    ["caller<sip:a@b>;tag=323", "caller", "sip:a@b", ["tag=323"], "present"],
    ['"J \\\\\\""   <sip:a@b>\t;\ttag = 9', '"J \\\\\\""', "sip:a@b", ["tag=9"], "present"],
    ['"" <sip:a@b>', '""', "sip:a@b", [], "present"],
    ['"a<b>" <sip:a@b>', '"a<b>"', "sip:a@b", [], "present"],
    [
      "token1~` token2'+_ token3*%!.- <sip:a@b>",
      "token1~` token2'+_ token3*%!.-",
      "sip:a@b",
      [],
      "present",
    ],
    ["Bob (work) <sip:a@b>", "Bob (work)", "sip:a@b", [], "present"],
    ["J\u00c3\u00b6rg <sip:a@b>", "J\u00c3\u00b6rg", "sip:a@b", [], "present"],
    ["<sip:a@b?Route=%3Csip:c%3E>", "", "sip:a@b?Route=%3Csip:c%3E", [], "present"],
    ["<tel:+1;ext=2>;tag=3", "", "tel:+1;ext=2", ["tag=3"], "present"],
    ["isbn:2983792873", "", "isbn:2983792873", [], "absent"],
    ['sip:a@b;x="<y>"', "", "sip:a@b", ['x="<y>"'], "absent"],
    ["<sip:a,b@c>", "", "sip:a,b@c", [], "present"],
  ];
  for (const [text, displayName, uri, parameters, brackets] of rows) {
    const parsed = nameAddrOf(text);
    deepEqual(
      {
        displayName: parsed.displayName,
        uri: parsed.uri.text,
        parameters: parsed.parameters.map(({ name, value }) =>
          value === undefined ? name : `${name}=${value}`
        ),
        brackets: parsed.brackets,
      },
      { displayName, uri, parameters, brackets },
      text,
    );
  }
});

Deno.test("parseNameAddr() says why a text is no address", () => {
  const noScheme = (text: string) => `Cannot parse URI "${text}": no scheme`;
  const rows: readonly (readonly [string, string])[] = [
    ["", noScheme("")],
    ["*", noScheme("*")],
    ['"Mr. J. User <sip:a@b>', "Cannot parse address: display name is not well formed"],
    ['"Bob" sip:a@b', "Cannot parse address: display name is not well formed"],
    ['"Bob" x <sip:a@b>', "Cannot parse address: display name is not well formed"],
    ["Bell, Alexander <sip:a@b>", noScheme("Bell, Alexander <sip:a@b>")],
    ["< sip:a@b >", noScheme(" sip:a@b ")],
    ["<sip:a@b", 'Cannot parse address: no ">" after offset 0'],
    ["<sip:a@b>x", "Cannot parse parameters: unexpected character at offset 9"],
    ['<sip:a@b>"', "Cannot parse parameters: unexpected character at offset 9"],
    ["<sip:a@b>;;", "Cannot parse parameters: empty name at offset 9"],
    ["<<sip:a@b>>", noScheme("<sip:a@b")],
    ["<>", noScheme("")],
    ["sip:a@b?x=y", 'Cannot parse address: "?" or "," in a URI without brackets'],
    ["sip:a,b@c", 'Cannot parse address: "?" or "," in a URI without brackets'],
    ["sip:a@b tag=1", 'Cannot parse URI "sip:a@b tag=1": blank, quote or bracket'],
  ];
  for (const [text, error] of rows) deepEqual(parseNameAddr(text), { ok: false, error }, text);
});

Deno.test("formatNameAddr() writes brackets where they are needed", () => {
  const rows: readonly (readonly [string, string | undefined, string])[] = [
    ["sip:a@b;tag=1", undefined, "sip:a@b;tag=1"],
    ["<sip:a@b>;tag=1", undefined, "<sip:a@b>;tag=1"],
    ['"A"<sip:a@b> ; q = 1', undefined, '"A" <sip:a@b>;q=1'],
    ["sip:a@b;q=1", "sip:c@d", "sip:c@d;q=1"],
    ["sip:a@b;q=1", "sip:c@d;transport=tcp", "<sip:c@d;transport=tcp>;q=1"],
    ["sip:a@b", "sip:c,d@e", "<sip:c,d@e>"],
    ["sip:a@b", "sip:c@e?x=y", "<sip:c@e?x=y>"],
    ['"A" <sip:a@b>;q=1', "sip:c@d", '"A" <sip:c@d>;q=1'],
  ];
  for (const [text, uriText, expected] of rows) {
    equal(formatNameAddr({ ...nameAddrOf(text), uriText }), expected);
  }
});

Deno.test("nameAddrTag() takes an empty tag for none", () => {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["<sip:a@b>;tag=x", "x"],
    ["<sip:a@b>;TAG=x", "x"],
    ["<sip:a@b>;tag=", undefined],
    ["<sip:a@b>;tag", undefined],
    ["<sip:a@b;tag=no>", undefined],
  ];
  for (const [text, tag] of rows) equal(nameAddrTag(nameAddrOf(text)), tag);
});

Deno.test("nameAddrParameter() takes quotes off", () => {
  const contact = nameAddrOf('<sip:a@b>;+sip.instance="<urn:uuid:1>";Ob;q=0.5');
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["+sip.instance", "<urn:uuid:1>"],
    ["ob", ""],
    ["q", "0.5"],
    ["expires", undefined],
  ];
  for (const [name, value] of rows) equal(nameAddrParameter(contact, name), value);
});

Deno.test("withNameAddrParameter() and withoutNameAddrParameter() leave the rest alone", () => {
  const contact = nameAddrOf("A <sip:a@b;x>;expires=60;q=1");
  const set = withNameAddrParameter(contact, { name: "expires", value: "30" });
  equal(formatNameAddr(set), "A <sip:a@b;x>;expires=30;q=1");
  equal(formatNameAddr(withoutNameAddrParameter(contact, "expires")), "A <sip:a@b;x>;q=1");
});

Deno.test("displayNameText() gives the name meant", () => {
  const rows: readonly (readonly [string, string])[] = [
    ['"J \\"R\\"" <sip:a@b>', 'J "R"'],
    ["Bob Brown <sip:a@b>", "Bob Brown"],
    ["<sip:a@b>", ""],
  ];
  for (const [text, name] of rows) equal(displayNameText(nameAddrOf(text)), name);
});
