import { deepEqual, equal } from "node:assert/strict";
import { countListElements, elementEnd, firstListElement, splitList } from "./comma_list.ts";

Deno.test("splitList() splits at commas outside quotes and brackets", () => {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ["a", ["a"]],
    ["a,b", ["a", "b"]],
    [" a ,\tb ", ["a", "b"]],
    ["<sip:a,b@c>;q=1, <sip:d@e>", ["<sip:a,b@c>;q=1", "<sip:d@e>"]],
    ['"x, y" <sip:a@b>, sip:c@d', ['"x, y" <sip:a@b>', "sip:c@d"]],
    ['"x\\", y" <sip:a@b>,c', ['"x\\", y" <sip:a@b>', "c"]],
    ['<sip:a"b@c>,<sip:d@e>', ['<sip:a"b@c>', "<sip:d@e>"]],
    ['<sip:a>;x=",<";y, <sip:b>', ['<sip:a>;x=",<";y', "<sip:b>"]],
    ["a,,b,", ["a", "b"]],
    [",", []],
    ["", []],
    ['"open, <sip:a>, b', ['"open, <sip:a>, b']],
    ["<open, b", ["<open, b"]],
  ];
  for (const [value, elements] of rows) deepEqual(splitList(value), elements, value);
});

Deno.test("firstListElement() is what splitList() gives first", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["a , b", "a"],
    ["a", "a"],
    ['"x, y" <sip:a>, b', '"x, y" <sip:a>'],
    [",a", "a"],
    [" , ,b,c", "b"],
    [",", ""],
    ["", ""],
  ];
  for (const [value, first] of rows) equal(firstListElement(value), first, value);
});

Deno.test("countListElements() counts empty elements too", () => {
  const rows: readonly (readonly [string, number])[] = [
    ["a", 1],
    ["a,b", 2],
    ['"a,b",c', 2],
    [",,,", 4],
    ["", 1],
  ];
  for (const [value, count] of rows) equal(countListElements(value), count, value);
});

Deno.test("elementEnd() gives the offset of the comma", () => {
  const rows: readonly (readonly [string, number, number])[] = [
    ["ab,cd", 0, 2],
    ["ab,cd", 3, 5],
    ["<a,b>,c", 0, 5],
    ["", 0, 0],
  ];
  for (const [text, start, end] of rows) equal(elementEnd(text, start), end);
});
