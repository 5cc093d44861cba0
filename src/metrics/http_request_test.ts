import { strictEqual } from "node:assert/strict";
import {
  httpAnswerHead,
  type HttpRequestVerdict,
  judgeHttpRequest,
  MAX_HTTP_REQUEST_LENGTH_BYTES,
} from "./http_request.ts";

const END = "\r\nHost: x\r\n\r\n";

const requests: readonly (readonly [string, HttpRequestVerdict])[] = [
  [`GET /metrics HTTP/1.1${END}`, "metrics"],
  [`GET /metrics?x=1&y=%20 HTTP/1.1${END}`, "metrics"],
  [`GET / HTTP/1.0${END}`, "metrics"],
  ["GET /metrics HTTP/1.1\n\n", "metrics"],
  [`HEAD /metrics HTTP/1.1${END}`, "metrics-head"],
  [`GET /metrics/ HTTP/1.1${END}`, "other-path"],
  [`GET /etc/passwd HTTP/1.1${END}`, "other-path"],
  [`GET http://x/metrics HTTP/1.1${END}`, "other-path"],
  [`POST /metrics HTTP/1.1${END}`, "other-method"],
  [`OPTIONS * HTTP/1.1${END}`, "other-method"],
  [`GET /metrics HTTP/2.0${END}`, "bad"],
  [`get /metrics HTTP/1.1${END}`, "bad"],
  [`GET  /metrics HTTP/1.1${END}`, "bad"],
  [`GET /metrics\x01 HTTP/1.1${END}`, "bad"],
  [`OPTIONS sip:a@b SIP/2.0${END}`, "bad"],
  ["\r\n\r\n", "bad"],
  ["", "incomplete"],
  ["GET /metrics HTTP/1.1\r\n", "incomplete"],
  ["x".repeat(MAX_HTTP_REQUEST_LENGTH_BYTES), "incomplete"],
  ["x".repeat(MAX_HTTP_REQUEST_LENGTH_BYTES + 1), "bad"],
];

for (const [text, verdict] of requests) {
  Deno.test(`judgeHttpRequest() says ${verdict} to ${JSON.stringify(text.slice(0, 40))}`, () => {
    strictEqual(judgeHttpRequest(text), verdict);
  });
}

Deno.test("judgeHttpRequest() waits for the whole request, wherever it is cut", () => {
  const request = `GET /metrics HTTP/1.1${END}`;
  for (let at = 0; at < request.length; at++) {
    strictEqual(judgeHttpRequest(request.slice(0, at)), "incomplete", `at ${at}`);
  }
});

Deno.test("httpAnswerHead() ends the connection", () => {
  strictEqual(
    httpAnswerHead({ status: "200 OK", contentType: "text/plain", lengthBytes: 5 }),
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nCache-Control: no-store\r\n" +
      "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
  );
});
