/* bcg729 as an oracle: "encode 0|1" (1: with silence compression) and "decode",
 * from standard input to standard output. PCM is raw; coded frames carry their
 * length in a byte before them: 10 speech, 2 silence, 0 not sent, 255 lost. */
#include <bcg729/decoder.h>
#include <bcg729/encoder.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int encode(int dtx)
{
	bcg729EncoderChannelContextStruct *c = initBcg729EncoderChannel(dtx);
	int16_t pcm[80];
	uint8_t frame[11];
	while (fread(pcm, sizeof pcm, 1, stdin) == 1) {
		bcg729Encoder(c, pcm, frame + 1, frame);
		fwrite(frame, 1 + frame[0], 1, stdout);
	}
	closeBcg729EncoderChannel(c);
	return 0;
}

static int decode(void)
{
	bcg729DecoderChannelContextStruct *c = initBcg729DecoderChannel();
	int16_t pcm[80];
	uint8_t frame[10] = {0};
	for (int length; (length = getchar()) != EOF;) {
		int lost = length == 255;
		if (!lost && length > 0 && fread(frame, length, 1, stdin) != 1)
			return 1;
		/* A frame that was not sent is an erased one to this library: after
		 * silence it goes on with comfort noise. It must get no frame then, or
		 * it takes what lies there for a new descriptor. */
		if (lost || length == 0)
			bcg729Decoder(c, NULL, 0, 1, 0, 0, pcm);
		else
			bcg729Decoder(c, frame, length, 0, length == 2, 0, pcm);
		fwrite(pcm, sizeof pcm, 1, stdout);
	}
	closeBcg729DecoderChannel(c);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "encode"))
		return encode(atoi(argv[2]));
	if (argc == 2 && !strcmp(argv[1], "decode"))
		return decode();
	return 2;
}
