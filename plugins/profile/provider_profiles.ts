/** Provider profiles; `read_profiles.ts` says what the keys mean. */
export const PROVIDER_PROFILES: string = `
[telekom]
kind = provider
title = Deutsche Telekom
; Its name has SRV records alone: a port that a phone adds leads nowhere.
domains = tel.t-online.de
locate = srv
keepalive_seconds = 25
; Its servers rewrite the Via of requests in their answers.
via_networks = 217.0.0.0/13

[sipgate]
kind = provider
title = sipgate
domains = sipgate.de, sipgate.com, sipgate.co.uk
locate = srv
keepalive_seconds = 30

[1und1]
kind = provider
title = 1&1
domains = sip.1und1.de, 1und1.de
locate = srv
keepalive_seconds = 30

[vodafone]
kind = provider
title = Vodafone
; The names of its servers begin with the customer's area code.
domains = sip.arcor.de, sip.vodafone.de
locate = srv
keepalive_seconds = 30

[easybell]
kind = provider
title = easybell
; The domain of the addresses is not the server's.
domains = easybell.de
host = sip.easybell.de
keepalive_seconds = 30

[orange]
kind = provider
title = Orange
domains = orange-multimedia.fr, orange.fr
locate = srv
; Datagrams that are cut on the way do not arrive.
max_message_bytes = 1300
spare = User-Agent, Allow-Events, Supported, Allow, Date, Organization

[twilio]
kind = provider
title = Twilio
domains = pstn.twilio.com, sip.twilio.com
locate = srv
; It takes numbers as E.164 writes them alone.
international = 00
`;
