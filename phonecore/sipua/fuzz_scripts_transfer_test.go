package sipua_test

// transferScripts are those of scripts that hand calls on.
var transferScripts = []string{
	// transfer: REFER, NOTIFY, Replaces
	`INVITE sip:1001@192.0.2.11 SIP/2.0
%N
%S
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
REFER sip:1001@192.0.2.11 SIP/2.0
%D
Refer-To: <sip:third@192.0.2.12?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2&Require=replaces>
Referred-By: <sip:peer@192.0.2.12>;cid="x@y"
Refer-Sub: false

==
SIP/2.0 200 OK
%R

==
SIP/2.0 180 Ringing
%I

==
SIP/2.0 200 OK
%I
%S
==
NOTIFY sip:1001@192.0.2.11 SIP/2.0
%D
Event: refer;id=3
Subscription-State: active;expires=60
Content-Type: message/sipfrag;version=2.0

SIP/2.0 180 Ringing
==
INVITE sip:1001@192.0.2.11 SIP/2.0
%N
Require: replaces
Replaces: %C;to-tag=%T;from-tag=%P;early-only
%S
==
!long`,
	// the phone transfers: to somebody, and to the other call
	`!nat
==
!be strict
==
!dial
==
SIP/2.0 200 OK
%I
Supported: replaces, timer
Session-Expires: 90;refresher=uas
%S
==
!transfer
==
SIP/2.0 202 Accepted
%R

==
NOTIFY sip:1001@192.0.2.11 SIP/2.0
%D
Event: refer;id=2
Subscription-State: terminated;reason=noresource
Content-Type: message/sipfrag

SIP/2.0 503 Service Unavailable
==
INVITE sip:1001@192.0.2.11 SIP/2.0
%N
Supported: 100rel, replaces
Require: 100rel

==
!offer
==
PRACK sip:1001@192.0.2.11 SIP/2.0
%D
RAck: 1 5 INVITE
%S
==
!answer
==
ACK sip:1001@192.0.2.11 SIP/2.0
%D

==
!transfer to the other
==
SIP/2.0 202 Accepted
%R

==
NOTIFY sip:1001@192.0.2.11 SIP/2.0
%D
Event: refer
Subscription-State: active
Content-Type: message/sipfrag

SIP/2.0 200 OK
==
!leave for the other
==
!long`,
}
