#!/bin/sh
# Speaks every sentence of sentences.tsv (name, tab, text) with espeak-ng and
# stores it in ulaw/NAME.ul: 8 kHz, mono, G.711 µ-law, no header. Silence is cut
# off both ends, the peak is set to -6 dB of full scale, so that speech stands
# near -16 dBm0 like a talker on a line.
#
# Needs: espeak-ng, sox. Run by: go generate ./app/lab/speech
set -eu
cd "$(dirname "$0")"
rm -f ulaw/*.ul
tmp=$(mktemp --suffix=.wav)
trap 'rm -f "$tmp"' EXIT
while IFS="$(printf '\t')" read -r name text; do
	espeak-ng -v en-us -s 165 -p 45 -w "$tmp" -- "$text" </dev/null
	sox "$tmp" -r 8000 -c 1 -e mu-law -t raw "ulaw/$name.ul" \
		silence 1 0.01 0.3% reverse silence 1 0.01 0.3% reverse \
		norm -6 pad 0.02 0.06
done <sentences.tsv
