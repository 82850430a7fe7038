/* SPDX-License-Identifier: MIT */
/* Keys as µ-law frames of 20 ms, as a media server gets them, and the keys detected in them. */
#include <keytone/keytone.h>
#include <stdio.h>

static void print(void* user, const keytone_report* report) {
    (void)user;
    if (report->kind == KEYTONE_REPORT_END) {
        putchar(report->key);
    }
}

int main(void) {
    enum { frame = 160 };
    keytone_generator* generator = NULL;
    keytone_detector* detector = NULL;
    int16_t samples[frame];
    uint8_t codes[frame];
    size_t written = frame;
    if (keytone_generator_create("5#", NULL, &generator) != KEYTONE_OK ||
        keytone_detector_create(NULL, &detector) != KEYTONE_OK) {
        return 1;
    }
    while (written == frame) {
        keytone_generator_generate(generator, samples, frame, &written);
        keytone_ulaw_encode(samples, written, codes);
        keytone_ulaw_decode(codes, written, samples);
        keytone_detector_process(detector, samples, written, print, NULL);
    }
    keytone_detector_finish(detector, print, NULL);
    putchar('\n');
    keytone_detector_destroy(detector);
    keytone_generator_destroy(generator);
    return 0;
}
