package sipua_test

// scripts are where FuzzAgent begins: what a phone goes through in its life.
var scripts = []string{
	// registration: challenges, interval too brief, other contacts, redirects
	`SIP/2.0 401 Unauthorized
%R
WWW-Authenticate: Digest realm="r", nonce="n", qop="auth,auth-int", algorithm=MD5, opaque="o"
WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256

==
SIP/2.0 401 Unauthorized
%R
WWW-Authenticate: Digest realm="r", nonce="n2", stale=true

==
SIP/2.0 200 OK
%R;expires=3600, <sip:other@192.0.2.13>;expires=10;q=0.5
Expires: 3600
Date: Sat, 13 Nov 2010 23:29:00 GMT
Service-Route: <sip:192.0.2.12;lr>
P-Associated-URI: <sip:1001@192.0.2.12>
Path: <sip:192.0.2.12;lr;ob>

==
!long
==
!register
==
SIP/2.0 423 Interval Too Brief
%R
Min-Expires: 7200

==
SIP/2.0 503 Service Unavailable
%R
Retry-After: 120 (soon);duration=60

==
!moved`,
	// a call out: challenge, early media, PRACK, fork, answer, hold, end
	`!dial
==
SIP/2.0 100 Trying
%I

==
SIP/2.0 407 Proxy Authentication Required
%I
Proxy-Authenticate: Digest realm="r", nonce="n"

==
SIP/2.0 183 Session Progress
%I
Require: 100rel
RSeq: 1
%S
==
SIP/2.0 200 OK
%R

==
SIP/2.0 180 Ringing
%I
RSeq: 2
Require: 100rel
Alert-Info: <http://192.0.2.12/ring.wav>;info=alert-external
P-Asserted-Identity: "Bob" <sip:bob@192.0.2.12>

==
SIP/2.0 200 OK
%I
Require: timer
Session-Expires: 90;refresher=uac
Record-Route: <sip:192.0.2.12;lr>, <sip:192.0.2.13>
%S
==
!hold
==
SIP/2.0 491 Request Pending
%I

==
!long
==
SIP/2.0 200 OK
%I
%S
==
!resume
==
SIP/2.0 422 Session Interval Too Small
%R
Min-SE: 1800

==
!hangup
==
SIP/2.0 200 OK
%R
`,
	// redirections and failures
	`!dial
==
SIP/2.0 302 Moved Temporarily
%I, "B" <sip:b@192.0.2.12;transport=tcp>;q=0.7, <tel:+1;q=1>, <sip:c@[::1]:5061>;q=x
Diversion: <sip:a@192.0.2.12>;reason=unconditional;counter=1
History-Info: <sip:a@192.0.2.12?Reason=SIP%3Bcause%3D302>;index=1.1

==
SIP/2.0 380 Alternative Service
%I
Content-Type: application/3gpp-ims+xml

<x/>
==
SIP/2.0 486 Busy Here
%I
Retry-After: 18000000000
Warning: 399 a "b"
Error-Info: <sip:announcement@192.0.2.12>
Reason: Q.850;cause=17;text="busy"
`,
	// a call in: offer in the INVITE, PRACK, UPDATE, re-INVITE, DTMF, end
	`INVITE sip:1001@192.0.2.11 SIP/2.0
%N
Supported: 100rel, timer, replaces, norefersub
Session-Expires: 1800;refresher=uas
Min-SE: 90
Alert-Info: <urn:alert:tone:internal>, info=alert-group
Call-Info: <sip:192.0.2.12>;answer-after=0
Remote-Party-ID: "Bob" <sip:bob@192.0.2.12>;party=calling;screen=yes;privacy=full
P-Asserted-Identity: "Bob" <sip:bob@192.0.2.12>, <tel:+15551212>
Diversion: "A" <sip:a@192.0.2.12>;reason=user-busy;counter=2;privacy=off
History-Info: <sip:a@192.0.2.12>;index=1, <sip:b@192.0.2.12;cause=302>;index=1.1;mp=1
Privacy: id
Expires: 60
%S
==
PRACK sip:1001@192.0.2.11 SIP/2.0
%D
RAck: 1 1 INVITE

==
!answer
==
ACK sip:1001@192.0.2.11 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.12;branch=z9hG4bKack
From: <sip:peer@192.0.2.12>;tag=%P
To: <sip:1001@192.0.2.11>;tag=%T
Call-ID: %C
CSeq: 1 ACK

==
INVITE sip:1001@192.0.2.11 SIP/2.0
%D
%Sa=sendonly
==
UPDATE sip:1001@192.0.2.11 SIP/2.0
%D
Session-Expires: 90;refresher=uac
%Sa=inactive
==
!hold
==
INVITE sip:1001@192.0.2.11 SIP/2.0
%D
%S
==
INFO sip:1001@192.0.2.11 SIP/2.0
%D
Content-Type: application/dtmf-relay

Signal=5
Duration=160
==
BYE sip:1001@192.0.2.11 SIP/2.0
%D
Also: <sip:third@192.0.2.12>
Reason: SIP;cause=200;text="Call completed elsewhere"
`,
	// the offer in the ACK, secure media, other descriptions
	`INVITE sip:1001@192.0.2.11 SIP/2.0
%N

==
!answer
==
ACK sip:1001@192.0.2.11 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.12;branch=z9hG4bKack
From: <sip:peer@192.0.2.12>;tag=%P
To: <sip:1001@192.0.2.11>;tag=%T
Call-ID: %C
CSeq: 1 ACK
%S
==
INVITE sip:1001@192.0.2.11 SIP/2.0
%D
Content-Type: application/sdp

v=0
o=- 1 2 IN IP6 ::1
s=-
c=IN IP4 224.2.1.1/127/3
b=AS:64
t=0 0
k=prompt
m=audio 4000/2 RTP/SAVP 0 8 18 101
c=IN IP4 0.0.0.0
a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20|1:4
a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj;inline:x|2^4 KDR=1 UNENCRYPTED_SRTP
a=rtpmap:101 telephone-event/8000/1
a=fmtp:101 0-16,66,70
a=fmtp:18 annexb=no
a=ptime:30
a=maxptime:150
a=rtcp:53020 IN IP4 192.0.2.12
a=rtcp-mux
a=candidate:1 1 UDP 2130706431 192.0.2.12 4000 typ host
a=setup:actpass
a=fingerprint:sha-256 00:11
a=sendonly
a=recvonly
m=video 0 RTP/AVP 31
m=audio 4002 UDP/TLS/RTP/SAVPF 0
m=image 4004 udptl t38`,
	// a call that is sent on
	`INVITE sip:1001@192.0.2.11 SIP/2.0
%N
Supported: histinfo
Diversion: <sip:1001@192.0.2.11>;reason=no-answer
%S
==
!forward
==
SIP/2.0 481 Gone
%R
`,
	// subscriptions
	`!subscribe
==
SIP/2.0 489 Bad Event
%R
Allow-Events: dialog

==
!subscribe
==
SIP/2.0 202 Accepted
%R
Expires: 3600

==
NOTIFY sip:1001@192.0.2.11 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.12;branch=z9hG4bKn1
From: <sip:1001@192.0.2.12>;tag=peer
To: <sip:1001@192.0.2.11>;tag=%T
Call-ID: %C
CSeq: 1 NOTIFY
Event: message-summary
Subscription-State: terminated;reason=deactivated;retry-after=3
Content-Type: application/simple-message-summary

Messages-Waiting: yes
Voice-Message: 2/8 (0/2)
==
NOTIFY sip:1001@192.0.2.11 SIP/2.0
%N
Event: check-sync;reboot=false
Subscription-State: active

==
NOTIFY sip:1001@192.0.2.11 SIP/2.0
%N
Event: dialog
Content-Type: application/dialog-info+xml

<?xml version="1.0"?><dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="1" state="full" entity="sip:a@b"><dialog id="x"><state>confirmed</state></dialog></dialog-info>`,
	// a caller who gives up, and one who is cancelled too late
	`INVITE sip:1001@192.0.2.11 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.12;branch=z9hG4bKsame
From: <sip:peer@192.0.2.12>;tag=%P
To: <sip:1001@192.0.2.11>
Call-ID: given up
CSeq: 1 INVITE

==
CANCEL sip:1001@192.0.2.11 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.12;branch=z9hG4bKsame
From: <sip:peer@192.0.2.12>;tag=%P
To: <sip:1001@192.0.2.11>
Call-ID: given up
CSeq: 1 CANCEL
Reason: SIP;cause=200;text="elsewhere", Q.850;cause=26

==
!dial
==
!hangup
==
SIP/2.0 180 Ringing
%I

==
SIP/2.0 200 OK
%R

==
SIP/2.0 487 Request Terminated
%I
`,
}
