/* The loss concealment of spandsp as a filter: each frame of its input is a
   byte, 1 if the frame is lost, and 160 samples; its output are samples. */
#include <stdint.h>
#include <stdio.h>
#include <spandsp.h>

int main(void)
{
    plc_state_t *plc = plc_init(NULL);
    int16_t frame[160];
    int lost;

    while ((lost = getchar()) != EOF && fread(frame, sizeof(frame), 1, stdin) == 1)
    {
        if (lost)
            plc_fillin(plc, frame, 160);
        else
            plc_rx(plc, frame, 160);
        fwrite(frame, sizeof(frame), 1, stdout);
    }
    return plc_free(plc);
}
