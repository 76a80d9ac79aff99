/* libopus as the oracle of package codec: packets with two bytes of length, big
 * endian, before each; a length of 65535 stands for one that is lost.
 *
 *   opus encode SAMPLES BITS FEC DTX   mono voice at 48 kHz -> packets
 *   opus decode SAMPLES FEC            packets -> mono voice at 48 kHz
 */
#include <opus/opus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 5760, LOST = 65535 };

static int encode(int samples, int bits, int fec, int dtx) {
	static opus_int16 pcm[MOST];
	static unsigned char packet[4000];
	int error;
	OpusEncoder *e = opus_encoder_create(48000, 1, OPUS_APPLICATION_VOIP, &error);
	if (!e) return 1;
	opus_encoder_ctl(e, OPUS_SET_BITRATE(bits));
	opus_encoder_ctl(e, OPUS_SET_INBAND_FEC(fec));
	opus_encoder_ctl(e, OPUS_SET_PACKET_LOSS_PERC(fec ? 10 : 0));
	opus_encoder_ctl(e, OPUS_SET_COMPLEXITY(5)); /* as ours */
	opus_encoder_ctl(e, OPUS_SET_DTX(dtx));
	while (fread(pcm, 2, samples, stdin) == (size_t)samples) {
		int n = opus_encode(e, pcm, samples, packet, sizeof packet);
		if (n < 0) return 1;
		putchar(n >> 8);
		putchar(n & 255);
		fwrite(packet, 1, n, stdout);
	}
	return 0;
}

static int next(unsigned char *packet) {
	int high = getchar(), low = getchar(), n = high << 8 | low;
	if (low == EOF) return -1;
	if (n != LOST && fread(packet, 1, n, stdin) != (size_t)n) return -1;
	return n;
}

static int decode(int samples, int fec) {
	static opus_int16 pcm[MOST];
	static unsigned char packet[LOST];
	int error, lost = 0, n;
	OpusDecoder *d = opus_decoder_create(48000, 1, &error);
	if (!d) return 1;
	while ((n = next(packet)) >= 0) {
		if (n == LOST) {
			lost++;
			continue;
		}
		for (; lost > 0; lost--) {
			int repeats = fec && lost == 1;
			int got = repeats ? opus_decode(d, packet, n, pcm, samples, 1) : opus_decode(d, NULL, 0, pcm, samples, 0);
			if (got < 0) return 1;
			fwrite(pcm, 2, got, stdout);
		}
		int got = opus_decode(d, packet, n, pcm, MOST, 0);
		if (got < 0) return 1;
		fwrite(pcm, 2, got, stdout);
	}
	return 0;
}

int main(int argc, char **argv) {
	if (argc == 6 && !strcmp(argv[1], "encode")) return encode(atoi(argv[2]), atoi(argv[3]), atoi(argv[4]), atoi(argv[5]));
	if (argc == 4 && !strcmp(argv[1], "decode")) return decode(atoi(argv[2]), atoi(argv[3]));
	return 2;
}
