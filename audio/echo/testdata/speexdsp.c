// The yardstick of the echo canceller's tests: speexdsp's canceller and
// preprocessor with residual echo suppression, as its manual sets them up.
// Standard input: pairs of 16-bit samples, microphone and loudspeaker; standard
// output: seconds of processor time as a double, then 16-bit samples.
#include <speex/speex_echo.h>
#include <speex/speex_preprocess.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    int rate = atoi(argv[1]), tail = rate / 1000 * atoi(argv[2]), denoise = atoi(argv[3]);
    int frame = rate / 100;
    size_t n = 0, room = 0;
    int16_t *in = NULL;
    for (;;) {
        if (2 * (n + frame) > room)
            in = realloc(in, (room = 2 * room + 4 * frame) * sizeof *in);
        if (fread(in + 2 * n, 2 * sizeof *in, frame, stdin) != (size_t)frame)
            break;
        n += frame;
    }
    SpeexEchoState *echo = speex_echo_state_init(frame, tail);
    speex_echo_ctl(echo, SPEEX_ECHO_SET_SAMPLING_RATE, &rate);
    SpeexPreprocessState *pre = speex_preprocess_state_init(frame, rate);
    speex_preprocess_ctl(pre, SPEEX_PREPROCESS_SET_ECHO_STATE, echo);
    speex_preprocess_ctl(pre, SPEEX_PREPROCESS_SET_DENOISE, &denoise);
    int16_t *out = calloc(n + 1, sizeof *out), mic[480], far[480];
    clock_t began = clock();
    for (size_t i = 0; i < n; i += frame) {
        for (int j = 0; j < frame; j++) {
            mic[j] = in[2 * (i + j)];
            far[j] = in[2 * (i + j) + 1];
        }
        speex_echo_cancellation(echo, mic, far, out + i);
        speex_preprocess_run(pre, out + i);
    }
    double took = (double)(clock() - began) / CLOCKS_PER_SEC;
    fwrite(&took, sizeof took, 1, stdout);
    fwrite(out, sizeof *out, n, stdout);
    return 0;
}
