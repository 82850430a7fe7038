/* SPDX-License-Identifier: MIT */
/*
 * The digits in a WAV file of one channel, 16-bit or µ-law, with nothing but the C library and keytone:
 *
 *     detect_wav call.wav
 */
#include <keytone/keytone.h>
#include <stdio.h>
#include <string.h>

enum { frame = 160, pcm = 1, mulaw = 7 };

struct format {
    unsigned tag;
    unsigned channels;
    unsigned long rate_hz;
    unsigned bits;
};

static unsigned word(const unsigned char* bytes) {
    return bytes[0] | (unsigned)bytes[1] << 8;
}

static unsigned long long_word(const unsigned char* bytes) {
    return word(bytes) | (unsigned long)word(bytes + 2) << 16;
}

/* Reads up to the samples; 0 when this is no WAV file. `bytes` is how many of them there are. */
static int read_head(FILE* file, struct format* format, unsigned long* bytes) {
    unsigned char head[16];
    if (fread(head, 1, 12, file) != 12 || memcmp(head, "RIFF", 4) != 0 || memcmp(head + 8, "WAVE", 4) != 0) {
        return 0;
    }
    while (fread(head, 1, 8, file) == 8) {
        const int is_format = memcmp(head, "fmt ", 4) == 0;
        unsigned long rest = long_word(head + 4);
        if (memcmp(head, "data", 4) == 0) {
            *bytes = rest;
            return 1;
        }
        rest += rest % 2; /* chunks begin at even bytes */
        if (is_format && rest >= 16) {
            if (fread(head, 1, 16, file) != 16) {
                return 0;
            }
            rest -= 16;
            format->tag = word(head);
            format->channels = word(head + 2);
            format->rate_hz = long_word(head + 4);
            format->bits = word(head + 14);
        }
        while (rest > 0 && getc(file) != EOF) {
            --rest;
        }
    }
    return 0;
}

/* The next samples, at most a frame; 0 at the end. */
static size_t read_samples(FILE* file, const struct format* format, unsigned long* bytes, int16_t* samples) {
    unsigned char raw[2 * frame];
    const size_t width = format->bits / 8;
    const size_t wanted = *bytes < width * frame ? (size_t)*bytes : width * frame;
    const size_t count = fread(raw, 1, wanted, file) / width;
    *bytes -= (unsigned long)(count * width);
    if (format->tag == mulaw) {
        keytone_ulaw_decode(raw, count, samples);
    } else {
        for (size_t i = 0; i < count; ++i) {
            const unsigned value = word(raw + 2 * i);
            samples[i] = (int16_t)(value < 0x8000U ? (long)value : (long)value - 0x10000L);
        }
    }
    return count;
}

static void print(void* user, const keytone_report* report) {
    (void)user;
    if (report->kind == KEYTONE_REPORT_BEGIN) {
        putchar(report->key);
    }
}

int main(int argc, char** argv) {
    FILE* file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    struct format format = {0, 0, 0, 0};
    unsigned long bytes = 0;
    keytone_detector_config config;
    keytone_detector* detector = NULL;
    keytone_error error;
    int16_t samples[frame];
    size_t count;

    if (file == NULL) {
        fputs("usage: detect_wav FILE.wav\n", stderr);
        return 2;
    }
    if (!read_head(file, &format, &bytes) || format.channels != 1 || format.rate_hz > 192000 ||
        !((format.tag == pcm && format.bits == 16) || (format.tag == mulaw && format.bits == 8))) {
        fputs("detect_wav: no WAV file of one channel, 16-bit or µ-law\n", stderr);
        fclose(file);
        return 1;
    }
    keytone_detector_config_init(&config);
    config.rate_hz = (int32_t)format.rate_hz;
    error = keytone_detector_create(&config, &detector);
    if (error != KEYTONE_OK) {
        fprintf(stderr, "detect_wav: %s\n", keytone_error_text(error));
        fclose(file);
        return 1;
    }
    while ((count = read_samples(file, &format, &bytes, samples)) > 0) {
        keytone_detector_process(detector, samples, count, print, NULL);
    }
    keytone_detector_finish(detector, print, NULL);
    putchar('\n');
    keytone_detector_destroy(detector);
    fclose(file);
    return 0;
}
