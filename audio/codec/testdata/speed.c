/* What the libraries of others take for the work of package codec: "speed CODEC
 * BITS" reads samples from standard input, codes and decodes them in packets of
 * 20 ms again and again, and prints how many times faster than real time each of
 * the two was in processor time. */
#define SPANDSP_EXPOSE_INTERNAL_STRUCTURES 1
#include <bcg729/decoder.h>
#include <bcg729/encoder.h>
#include <opus/opus.h>
#include <spandsp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST = 960, PACKET = 1500, PACKETS = 4096 };

struct codec {
	const char *name;
	int rate;
	int (*encode)(void *state, const int16_t *pcm, int samples, uint8_t *packet);
	int (*decode)(void *state, const uint8_t *packet, int length, int16_t *pcm);
	void *encoder, *decoder;
};

static int encode_g711(void *s, const int16_t *pcm, int n, uint8_t *p) { return g711_encode(s, p, pcm, n); }
static int decode_g711(void *s, const uint8_t *p, int n, int16_t *pcm) { return g711_decode(s, pcm, p, n); }
static int encode_g722(void *s, const int16_t *pcm, int n, uint8_t *p) { return g722_encode(s, p, pcm, n); }
static int decode_g722(void *s, const uint8_t *p, int n, int16_t *pcm) { return g722_decode(s, pcm, p, n); }
static int encode_opus(void *s, const int16_t *pcm, int n, uint8_t *p) { return opus_encode(s, pcm, n, p, PACKET); }
static int decode_opus(void *s, const uint8_t *p, int n, int16_t *pcm) { return opus_decode(s, p, n, pcm, MOST, 0); }

static int encode_g729(void *s, const int16_t *pcm, int n, uint8_t *p)
{
	uint8_t length;
	for (int i = 0; i < n; i += 80)
		bcg729Encoder(s, pcm + i, p + i / 8, &length);
	return n / 8;
}

static int decode_g729(void *s, const uint8_t *p, int n, int16_t *pcm)
{
	for (int i = 0; i < n; i += 10)
		bcg729Decoder(s, p + i, 10, 0, 0, 0, pcm + 8 * i);
	return 8 * n;
}

static struct codec find(const char *name, int bits)
{
	struct codec none = {0};
	if (!strcmp(name, "PCMU") || !strcmp(name, "PCMA")) {
		int law = name[3] == 'U' ? G711_ULAW : G711_ALAW;
		return (struct codec){name, 8000, encode_g711, decode_g711, g711_init(NULL, law), g711_init(NULL, law)};
	}
	if (!strcmp(name, "G722"))
		return (struct codec){name, 16000, encode_g722, decode_g722, g722_encode_init(NULL, 64000, 0), g722_decode_init(NULL, 64000, 0)};
	if (!strcmp(name, "G729"))
		return (struct codec){name, 8000, encode_g729, decode_g729, initBcg729EncoderChannel(0), initBcg729DecoderChannel()};
	if (!strcmp(name, "opus")) {
		int error;
		OpusEncoder *e = opus_encoder_create(48000, 1, OPUS_APPLICATION_VOIP, &error);
		opus_encoder_ctl(e, OPUS_SET_BITRATE(bits));
		opus_encoder_ctl(e, OPUS_SET_COMPLEXITY(5)); /* as ours */
		return (struct codec){name, 48000, encode_opus, decode_opus, e, opus_decoder_create(48000, 1, &error)};
	}
	return none;
}

static double seconds(void) { return (double)clock() / CLOCKS_PER_SEC; }

int main(int argc, char **argv)
{
	static int16_t pcm[60 * 48000], out[MOST];
	static uint8_t packets[PACKETS][PACKET];
	static int lengths[PACKETS];
	if (argc != 3)
		return 2;
	struct codec c = find(argv[1], atoi(argv[2]));
	if (!c.encoder || !c.decoder)
		return 2;
	int size = c.rate / 50, count = fread(pcm, 2, sizeof pcm / 2, stdin) / size;
	if (count < 1 || count > PACKETS)
		return 2;
	for (int decoding = 0; decoding < 2; decoding++) {
		double began = seconds(), took;
		long done = 0;
		do {
			for (int i = 0; i < count; i++, done++) {
				if (decoding)
					c.decode(c.decoder, packets[i], lengths[i], out);
				else
					lengths[i] = c.encode(c.encoder, pcm + i * size, size, packets[i]);
			}
			took = seconds() - began;
		} while (took < 0.3);
		printf("%g\n", 0.02 * done / took);
	}
	return 0;
}
