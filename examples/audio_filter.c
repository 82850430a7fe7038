/* SPDX-License-Identifier: MIT */
/*
 * keytone as a SIP client's audio filter. Many clients have the same structure: a table of functions; a state
 * for what is received and one for what is sent, each on a thread of its own; frames that are changed in
 * place. The types in the first part take the place of the client's own.
 *
 *     audio_filter < received.ul            says which keys are in it, and when
 *     audio_filter 12# < own.ul > sent.ul   sends these keys; the voice is muted meanwhile
 *
 * Files are µ-law at 8 kHz without a header, processed frame by frame, as packets come.
 */
#include <errno.h>
#include <keytone/keytone.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the client's side, in short ---- */

struct filter_params {
    uint32_t rate_hz;
    uint8_t channels;
};

struct encoder_state;
struct decoder_state;

/* A key of the far side began. Called on the receiving thread. */
typedef void (*key_handler)(void* arg, char key, int64_t sample);

/* How filters are registered. Functions return 0 or an errno. */
struct audio_filter {
    const char* name;
    int (*encoder_alloc)(struct encoder_state** state, const struct filter_params* params);
    int (*encode)(struct encoder_state* state, int16_t* samples, size_t* count);
    void (*encoder_free)(struct encoder_state* state);
    int (*decoder_alloc)(struct decoder_state** state, const struct filter_params* params,
                         key_handler handler, void* arg);
    int (*decode)(struct decoder_state* state, int16_t* samples, size_t* count);
    void (*decoder_free)(struct decoder_state* state);
};

/* ---- the filter ---- */

static int to_errno(keytone_error error) {
    switch (error) {
    case KEYTONE_OK:
        return 0;
    case KEYTONE_ERROR_MEMORY:
        return ENOMEM;
    default:
        return EINVAL;
    }
}

struct decoder_state {
    keytone_detector* detector;
    key_handler handler;
    void* arg;
};

static void on_report(void* user, const keytone_report* report) {
    const struct decoder_state* state = user;
    if (report->kind == KEYTONE_REPORT_BEGIN) {
        state->handler(state->arg, report->key, report->onset);
    }
}

static void decoder_free(struct decoder_state* state) {
    if (state != NULL) {
        keytone_detector_destroy(state->detector);
        free(state);
    }
}

static int decoder_alloc(struct decoder_state** state, const struct filter_params* params,
                         key_handler handler, void* arg) {
    keytone_detector_config config;
    int error;
    if (params->channels != 1) {
        return ENOTSUP;
    }
    *state = calloc(1, sizeof **state);
    if (*state == NULL) {
        return ENOMEM;
    }
    (*state)->handler = handler;
    (*state)->arg = arg;
    keytone_detector_config_init(&config);
    config.rate_hz = (int32_t)params->rate_hz;
    error = to_errno(keytone_detector_create(&config, &(*state)->detector));
    if (error != 0) {
        decoder_free(*state);
        *state = NULL;
    }
    return error;
}

/* Received samples pass unchanged. */
static int decode(struct decoder_state* state, int16_t* samples, size_t* count) {
    return to_errno(keytone_detector_process(state->detector, samples, *count, on_report, state));
}

/* A session passes data between threads: keys are requested on one, and sent on another. */
struct encoder_state {
    keytone_session* session;
};

static void encoder_free(struct encoder_state* state) {
    if (state != NULL) {
        keytone_session_destroy(state->session);
        free(state);
    }
}

static int encoder_alloc(struct encoder_state** state, const struct filter_params* params) {
    static const char answered[] = "{\"ev\":\"leg.answered\",\"leg\":\"a\"}";
    keytone_session_config config;
    char header[80];
    int error;
    if (params->channels != 1) {
        return ENOTSUP;
    }
    *state = calloc(1, sizeof **state);
    if (*state == NULL) {
        return ENOMEM;
    }
    sprintf(header, "{\"v\":1,\"call\":\"filter\",\"rate\":%lu}", (unsigned long)params->rate_hz);
    keytone_session_config_init(&config);
    config.header = header;
    error = to_errno(keytone_session_create(&config, &(*state)->session, NULL, 0));
    if (error == 0) {
        error = to_errno(keytone_session_submit((*state)->session, answered, sizeof answered - 1));
    }
    if (error != 0) {
        encoder_free(*state);
        *state = NULL;
    }
    return error;
}

/* `samples` holds the user's own voice on entry, and what is to be sent on return. This leg hears nothing:
 * the decoder does. */
static int encode(struct encoder_state* state, int16_t* samples, size_t* count) {
    return to_errno(keytone_session_process(state->session, KEYTONE_LEG_A, NULL, samples, *count));
}

static const struct audio_filter keytone_filter = {"keytone",     encoder_alloc, encode,      encoder_free,
                                                   decoder_alloc, decode,        decoder_free};

/* For the client's menu or key pad, on its main thread. EINVAL for an invalid key: then nothing is sent. */
static int press(struct encoder_state* state, const char* digits) {
    static int presses = 0;
    char line[256];
    if (digits[0] == '\0' || strlen(digits) > 128 || digits[strspn(digits, "0123456789*#wW")] != '\0' ||
        strpbrk(digits, "0123456789*#") == NULL) {
        return EINVAL;
    }
    sprintf(line, "{\"type\":\"based_call\",\"id\":\"p%d\",\"name\":\"click_ivr\",\"args\":[\"%s\"]}",
            ++presses, digits);
    return to_errno(keytone_session_submit(state->session, line, strlen(line)));
}

/* Whether the last requested key has gone out. To be called on the main thread from time to time. */
static int all_pressed(struct encoder_state* state) {
    const char* line = NULL;
    while (keytone_session_poll(state->session, &line, NULL) == KEYTONE_OK && line != NULL) {
        if (strstr(line, "\"ev\":\"action.completed\"") != NULL) {
            return 1;
        }
    }
    return 0;
}

/* ---- the client's side: its two loops ---- */

enum { frame = 160 };

static void show(void* arg, char key, int64_t sample) {
    (void)arg;
    printf("%c at %ld ms\n", key, (long)(sample / 8));
}

static int receive(const struct filter_params* params) {
    struct decoder_state* state = NULL;
    uint8_t codes[frame];
    int16_t samples[frame];
    size_t count;
    int error = keytone_filter.decoder_alloc(&state, params, show, NULL);
    while (error == 0 && (count = fread(codes, 1, frame, stdin)) > 0) {
        keytone_ulaw_decode(codes, count, samples);
        error = keytone_filter.decode(state, samples, &count);
    }
    keytone_filter.decoder_free(state);
    return error;
}

static int transmit(const struct filter_params* params, const char* digits) {
    struct encoder_state* state = NULL;
    uint8_t codes[frame];
    int16_t samples[frame];
    int done = 0;
    int error = keytone_filter.encoder_alloc(&state, params);
    if (error == 0) {
        error = press(state, digits);
    }
    while (error == 0) {
        size_t count = fread(codes, 1, frame, stdin);
        done = all_pressed(state) || done;
        if (count == 0 && done) {
            break;
        }
        if (count < frame) { /* the voice is over before the keys are: silence, which is 0xff */
            memset(codes + count, 0xff, frame - count);
            count = frame;
        }
        keytone_ulaw_decode(codes, count, samples);
        error = keytone_filter.encode(state, samples, &count);
        keytone_ulaw_encode(samples, count, codes);
        fwrite(codes, 1, count, stdout);
    }
    keytone_filter.encoder_free(state);
    return error;
}

int main(int argc, char** argv) {
    const struct filter_params params = {8000, 1};
    const int error = argc > 1 ? transmit(&params, argv[1]) : receive(&params);
    if (error != 0) {
        fprintf(stderr, "audio_filter: %s\n", strerror(error));
    }
    return error == 0 ? 0 : 1;
}
