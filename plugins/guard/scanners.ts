/** Words in the User-Agent of programs that search the Internet for telephones; no phone has them. */
export const SCANNERS: readonly string[] = Object.freeze([
  "friendly-scanner",
  "sipvicious",
  "sundayddr",
  "sip-scan",
  "sipscan",
  "smap",
  "sipcli",
  "sipsak",
  "pplsip",
  "vaxsipuseragent",
  "iwar",
  "siparmyknife",
  "eyebeam release 1.1-scan",
]);
