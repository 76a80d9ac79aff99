// Package tftp fetches files by TFTP (RFC 1350, 2347, 2348, 2349) with
// github.com/pin/tftp/v3 and adds what that lacks: cancellation, a size limit,
// a real size check, short time-outs, and errors that tell a missing file from
// a dead server.
package tftp
