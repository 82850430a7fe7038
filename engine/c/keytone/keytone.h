/* SPDX-License-Identifier: MIT */
/**
 * @file
 * keytone for C, and for every language that can call C: detect and send telephone keys (DTMF, ITU-T Q.23,
 * Q.24), G.711, telephone events (RFC 4733), and calls.
 *
 *     detector   samples in, keys out          session   JSON lines in, outcomes out; samples of both legs
 *     generator  digits in, samples out        batch     many detectors' frames in one call
 *     telephone_event_sender, _receiver: keys as RTP payloads;     key_merger: each key once, packet or tone
 *
 * Samples are 16-bit linear, one channel. Each function says from which thread it may be called:
 *
 * - `[audio]`    one thread at a time for each object; never allocates, locks or makes system calls
 * - `[control]`  one thread at a time for each object; may allocate and may take long
 * - `[any]`      any thread at any time
 *
 * Every function that can fail returns a #keytone_error, and changes nothing when it does. A null pointer, or
 * a `size` smaller than the first version's, is #KEYTONE_ERROR_ARGUMENT. Structures that you fill begin with
 * their `size`: set it by their `_init` function, which sets every field's default as well. No exception
 * leaves the library.
 */
#ifndef KEYTONE_KEYTONE_H
#define KEYTONE_KEYTONE_H

#include <stddef.h>
#include <stdint.h>

/** The version of this header. It increases when the interface changes incompatibly. */
#define KEYTONE_VERSION_MAJOR 0
/** It increases when the interface is extended. */
#define KEYTONE_VERSION_MINOR 1
/** It increases when faults are corrected. */
#define KEYTONE_VERSION_PATCH 0

#if defined(__GNUC__)
/** @cond */
#define KEYTONE_API __attribute__((visibility("default")))
/** @endcond */
#else
#define KEYTONE_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- version, errors ---- */

/** The library's version as `major * 10000 + minor * 100 + patch`. `[any]` */
KEYTONE_API uint32_t keytone_version(void);

/** Why something was not done. */
typedef enum keytone_error {
    KEYTONE_OK = 0,
    KEYTONE_ERROR_ARGUMENT = 1,        /**< A null pointer, or an invalid size or value. */
    KEYTONE_ERROR_MEMORY = 2,          /**< Not enough memory. */
    KEYTONE_ERROR_INTERNAL = 3,        /**< A fault in the library. */
    KEYTONE_ERROR_RATE = 4,            /**< Not one of the sampling rates. */
    KEYTONE_ERROR_PROFILE = 5,         /**< No profile has this name. */
    KEYTONE_ERROR_EMPTY_DIGITS = 6,    /**< No digits at all. */
    KEYTONE_ERROR_TOO_MANY_DIGITS = 7, /**< More than 128 digits and pauses. */
    KEYTONE_ERROR_INVALID_DIGIT = 8,   /**< Not one of 0-9 * # A-D w W. */
    KEYTONE_ERROR_PAUSE_ALONE = 9,     /**< Pauses without any digit. */
    KEYTONE_ERROR_TONE = 10,           /**< A tone's length is out of range. */
    KEYTONE_ERROR_GAP = 11,            /**< A gap's length is out of range. */
    KEYTONE_ERROR_EDGE = 12,           /**< An edge's length is out of range. */
    KEYTONE_ERROR_LEVEL = 13,          /**< A level is out of range. */
    KEYTONE_ERROR_LEVEL_CLIPS = 14,    /**< Both tones together exceed full scale. */
    KEYTONE_ERROR_BLOCK = 15,          /**< A session's block has no samples, or more than 192 000. */
    KEYTONE_ERROR_LINE = 16,           /**< A line was not taken: keytone_session_message() says why. */
    KEYTONE_ERROR_PACKET_TIME = 17,    /**< The packet time is not within 5 to 50 ms. */
    KEYTONE_ERROR_BUSY = 18 /**< A key waits already, or the new key begins before the last one's end. */
} keytone_error;

/** One line that says what is wrong and what would be accepted; never null. `[any]` */
KEYTONE_API const char* keytone_error_text(keytone_error error);

/* ---- sampling rates ---- */

/* Wherever samples go in or come out: 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 88200,
   96000 or 192000 Hz. keytone_error_text(KEYTONE_ERROR_RATE) names them too. */

/* ---- detector ---- */

/** Detects keys in one stream of samples. */
typedef struct keytone_detector keytone_detector;

/** Which mistake is worse: a key where nobody pressed one, or a key that was missed. */
typedef enum keytone_sensitivity {
    KEYTONE_SENSITIVITY_NORMAL = 0,   /**< As measured in docs/accuracy.md. */
    KEYTONE_SENSITIVITY_STRICT = 1,   /**< Fewest false keys; keys in noise are missed sooner. */
    KEYTONE_SENSITIVITY_SENSITIVE = 2 /**< Most keys; speech is more often taken for keys. */
} keytone_sensitivity;

/** The settings of a detector. */
typedef struct keytone_detector_config {
    size_t size;         /**< `sizeof(keytone_detector_config)`. */
    int32_t rate_hz;     /**< One of the sampling rates. Default 8000. */
    const char* profile; /**< `q24` (default), `att`, `ntt`, `danish`, `australian`, `brazilian`, `etsi` or
                            `microphone`; null: `q24`. */
    keytone_sensitivity sensitivity; /**< Default `KEYTONE_SENSITIVITY_NORMAL`. */
} keytone_detector_config;

/** What a report says about a key. */
typedef enum keytone_report_kind {
    KEYTONE_REPORT_HINT = 0,  /**< A key may have begun: unconfirmed, good for muting only. */
    KEYTONE_REPORT_BEGIN = 1, /**< A key is certain; it is reported once. */
    KEYTONE_REPORT_END = 2    /**< The key of the last begin is over: `duration` is known. */
} keytone_report_kind;

/** A report about a key. */
typedef struct keytone_report {
    size_t size;              /**< Size of this structure in the library. */
    keytone_report_kind kind; /**< What the report says. */
    char key;                 /**< `0`-`9`, `*`, `#`, `A`-`D`. */
    int64_t onset;            /**< First sample of the tone, counted from the stream's first. */
    int64_t duration;         /**< Samples; 0 unless the key is over. */
    double low_dbm0;          /**< Level of the low-group tone; a full-scale sine is +3.14 dBm0. */
    double high_dbm0;         /**< Level of the high-group tone. */
    double low_hz;            /**< Frequency of the low-group tone, as measured. */
    double high_hz;           /**< Frequency of the high-group tone, as measured. */
    double snr_db;            /**< Power of the two tones over everything else from 80 Hz to 4 kHz. */
} keytone_report;

/** Takes a report, on the thread that passed the samples. `report` is valid only during the call. */
typedef void (*keytone_report_sink)(void* user, const keytone_report* report);

/** Sets the defaults. `[any]` */
KEYTONE_API void keytone_detector_config_init(keytone_detector_config* config);
/** Creates a detector; `config` may be null for the defaults. Errors: ARGUMENT, RATE, PROFILE, MEMORY.
 * `[control]` */
KEYTONE_API keytone_error keytone_detector_create(const keytone_detector_config* config,
                                                  keytone_detector** detector);
/** Destroys a detector; null has no effect. `[control]` */
KEYTONE_API void keytone_detector_destroy(keytone_detector* detector);
/** Takes the next `count` samples, in blocks of any size: the reports do not depend on it. `[audio]` */
KEYTONE_API keytone_error keytone_detector_process(keytone_detector* detector, const int16_t* samples,
                                                   size_t count, keytone_report_sink sink, void* user);
/** Tells that the next `count` samples of the stream were lost. A key that goes on after a loss of at most
 * 200 ms, in one call or in several, is still one key. `[audio]` */
KEYTONE_API keytone_error keytone_detector_process_lost(keytone_detector* detector, size_t count,
                                                        keytone_report_sink sink, void* user);
/** The stream is over: reports what was still held back. Only a reset may follow. `[audio]` */
KEYTONE_API keytone_error keytone_detector_finish(keytone_detector* detector, keytone_report_sink sink,
                                                  void* user);
/** Forgets the stream: the detector is as if newly created. `[audio]` */
KEYTONE_API keytone_error keytone_detector_reset(keytone_detector* detector);
/** Number of samples taken so far, including lost ones; 0 for null. `[audio]` */
KEYTONE_API int64_t keytone_detector_position(const keytone_detector* detector);

/* ---- batch ---- */

/** The next samples of one line. */
typedef struct keytone_frame {
    keytone_detector* detector; /**< Each detector once in a batch. */
    const int16_t* samples;     /**< At the detector's rate. */
    size_t count;               /**< Number of samples. */
} keytone_frame;

/** Takes a report of frame `index`. */
typedef void (*keytone_batch_sink)(void* user, size_t index, const keytone_report* report);

/** Passes every line's next samples to its detector, in order, and meanwhile prefetches from memory what the
 * next ones need. The reports are those of keytone_detector_process(). Errors: ARGUMENT, if any frame is
 * wrong: then none was processed. `[audio]` */
KEYTONE_API keytone_error keytone_process_batch(const keytone_frame* frames, size_t count,
                                                keytone_batch_sink sink, void* user);

/* ---- generator ---- */

/** Sends one digit string as tones. */
typedef struct keytone_generator keytone_generator;

/** How keys sound. */
typedef struct keytone_tone_config {
    size_t size;      /**< `sizeof(keytone_tone_config)`. */
    int32_t rate_hz;  /**< One of the sampling rates. Default 8000. */
    double tone_ms;   /**< Length of a tone with its edges, 5-6000. Default 100. */
    double gap_ms;    /**< Silence between two tones, 5-6000. Default 100. */
    double edge_ms;   /**< Raised-cosine rise and fall inside the tone, 0 to half the tone. Default 2. */
    double low_dbm0;  /**< Level of the low-group tone, -60 to +3.14. Default -10. */
    double high_dbm0; /**< Level of the high-group tone, -60 to +3.14. Default -8. */
} keytone_tone_config;

/** Sets the defaults. `[any]` */
KEYTONE_API void keytone_tone_config_init(keytone_tone_config* config);
/** `digits`: keys 0-9 * # A-D, with w (0.5 s) and W (1 s) for pauses, at most 128. `config`
 * may be null for the default tone. Errors: ARGUMENT, RATE, those of digits and tones, MEMORY. `[control]` */
KEYTONE_API keytone_error keytone_generator_create(const char* digits, const keytone_tone_config* config,
                                                   keytone_generator** generator);
/** Destroys a generator; null has no effect. `[control]` */
KEYTONE_API void keytone_generator_destroy(keytone_generator* generator);
/** Fills `samples` from its front. `written` is less than `count` only at the end of the string, then 0.
 * `[audio]` */
KEYTONE_API keytone_error keytone_generator_generate(keytone_generator* generator, int16_t* samples,
                                                     size_t count, size_t* written);
/** Samples of the whole string; 0 for null. `[any]` */
KEYTONE_API int64_t keytone_generator_length(const keytone_generator* generator);
/** Begins again at the first sample. `[audio]` */
KEYTONE_API keytone_error keytone_generator_reset(keytone_generator* generator);

/* ---- G.711 ---- */

/** µ-law to linear samples; `count` of each. `[audio]` */
KEYTONE_API keytone_error keytone_ulaw_decode(const uint8_t* codes, size_t count, int16_t* samples);
/** Linear samples to µ-law. `[audio]` */
KEYTONE_API keytone_error keytone_ulaw_encode(const int16_t* samples, size_t count, uint8_t* codes);
/** A-law to linear samples. `[audio]` */
KEYTONE_API keytone_error keytone_alaw_decode(const uint8_t* codes, size_t count, int16_t* samples);
/** Linear samples to A-law. `[audio]` */
KEYTONE_API keytone_error keytone_alaw_encode(const int16_t* samples, size_t count, uint8_t* codes);

/* ---- telephone events ---- */

/** Sends keys as payloads of RTP packets (RFC 4733), each at its time. The first packet of a key is without
 * E, the last one is sent three times, and long keys are split into segments. */
typedef struct keytone_telephone_event_sender keytone_telephone_event_sender;

/** The settings of a sender. */
typedef struct keytone_telephone_event_sender_config {
    size_t size;      /**< `sizeof(keytone_telephone_event_sender_config)`. */
    int32_t clock_hz; /**< The RTP clock, that of the audio codec: one of the sampling rates. Default 8000. */
    double packet_ms; /**< Time between packets, 5-50. Default 20. */
    uint32_t first_timestamp; /**< The RTP timestamp of sample 0 of the stream. Default 0. */
} keytone_telephone_event_sender_config;

/** What goes into one RTP packet; the host adds sequence number and payload type. */
typedef struct keytone_telephone_event_packet {
    size_t size;        /**< Size of this structure in the library. */
    uint32_t timestamp; /**< The beginning of the event, or of its segment. */
    int32_t marker;     /**< 1 in the first packet of an event, else 0. */
    uint8_t payload[4]; /**< Event, E and volume, duration. */
} keytone_telephone_event_packet;

/** Sets the defaults. `[any]` */
KEYTONE_API void keytone_telephone_event_sender_config_init(keytone_telephone_event_sender_config* config);
/** Creates a sender; `config` may be null for the defaults. Errors: ARGUMENT, RATE, PACKET_TIME, MEMORY.
 * `[control]` */
KEYTONE_API keytone_error keytone_telephone_event_sender_create(
    const keytone_telephone_event_sender_config* config, keytone_telephone_event_sender** sender);
/** Destroys a sender; null has no effect. `[control]` */
KEYTONE_API void keytone_telephone_event_sender_destroy(keytone_telephone_event_sender* sender);
/** Takes the key that comes next; one may wait while another is sent. `onset` and `duration` in clock units
 * from the stream's beginning; `level_dbm0` of both tones together. A held key is sent with a long duration
 * and released later. Errors: ARGUMENT, INVALID_DIGIT, BUSY. `[audio]` */
KEYTONE_API keytone_error keytone_telephone_event_sender_send(keytone_telephone_event_sender* sender,
                                                              char key, int64_t onset, int64_t duration,
                                                              double level_dbm0);
/** The key last taken ends at `at`, earlier than given before. `[audio]` */
KEYTONE_API keytone_error keytone_telephone_event_sender_release(keytone_telephone_event_sender* sender,
                                                                 int64_t at);
/** The next packet that is due at `now` or before: `has_packet` is 1, or 0 when there is none. `[audio]` */
KEYTONE_API keytone_error keytone_telephone_event_sender_next(keytone_telephone_event_sender* sender,
                                                              int64_t now,
                                                              keytone_telephone_event_packet* packet,
                                                              int32_t* has_packet);

/** How a key came. */
typedef enum keytone_key_source {
    KEYTONE_SOURCE_TELEPHONE_EVENT = 0, /**< As packets. */
    KEYTONE_SOURCE_IN_BAND = 1          /**< As tones. */
} keytone_key_source;

/** Reports that a key began or ended, on the RTP clock. */
typedef struct keytone_key_report {
    size_t size;               /**< Size of this structure in the library. */
    keytone_report_kind kind;  /**< #KEYTONE_REPORT_BEGIN or #KEYTONE_REPORT_END. */
    keytone_key_source source; /**< How it came. */
    char key;                  /**< `0`-`9`, `*`, `#`, `A`-`D`. */
    uint32_t onset;            /**< RTP timestamp of its beginning. */
    int64_t duration;          /**< Clock units; 0 unless the key is over. */
    double level_dbm0;         /**< Level of both tones together. */
    int32_t end_inferred;      /**< 1 where no packet reported the end, else 0. */
} keytone_key_report;

/** Takes a report, on the thread that called. */
typedef void (*keytone_key_sink)(void* user, const keytone_key_report* report);

/** Receives the telephone events of one stream: each key is reported once, even if packets were lost,
 * duplicated or reordered. */
typedef struct keytone_telephone_event_receiver keytone_telephone_event_receiver;

/** The settings of a receiver. */
typedef struct keytone_telephone_event_receiver_config {
    size_t size;           /**< `sizeof(keytone_telephone_event_receiver_config)`. */
    int32_t clock_hz;      /**< The RTP clock. Default 8000. */
    double lost_end_ms;    /**< A key of which no packet came for this long is over. Default 150. */
    double min_pause_ms;   /**< Least pause between two keys of the same digit. Default 40. */
    double max_reorder_ms; /**< Packets are at most this late. Default 5000. */
} keytone_telephone_event_receiver_config;

/** How many packets, or events in them, were ignored. */
typedef struct keytone_telephone_events_ignored {
    size_t size;          /**< Size of this structure in the library. */
    uint64_t malformed;   /**< A payload of the wrong size. */
    uint64_t not_keys;    /**< Codes above 15. */
    uint64_t no_duration; /**< Duration 0. */
    uint64_t overtaken;   /**< Reordered: older than what was seen. */
} keytone_telephone_events_ignored;

/** Sets the defaults. `[any]` */
KEYTONE_API void
keytone_telephone_event_receiver_config_init(keytone_telephone_event_receiver_config* config);
/** Creates a receiver; `config` may be null for the defaults. Errors: ARGUMENT, RATE, MEMORY. `[control]` */
KEYTONE_API keytone_error keytone_telephone_event_receiver_create(
    const keytone_telephone_event_receiver_config* config, keytone_telephone_event_receiver** receiver);
/** Destroys a receiver; null has no effect. `[control]` */
KEYTONE_API void keytone_telephone_event_receiver_destroy(keytone_telephone_event_receiver* receiver);
/** Takes a packet: its RTP timestamp and marker, and its payload of any length. Packets that are ignored are
 * counted. `[audio]` */
KEYTONE_API keytone_error keytone_telephone_event_receiver_receive(keytone_telephone_event_receiver* receiver,
                                                                   uint32_t timestamp, int32_t marker,
                                                                   const uint8_t* payload,
                                                                   size_t payload_size, keytone_key_sink sink,
                                                                   void* user);
/** The same with the packet's RTP sequence number, by which a late packet, a restarted sender and a clock
 * that was set back are distinguished. Pass the number of all of a stream's packets or of none. `[audio]` */
KEYTONE_API keytone_error keytone_telephone_event_receiver_receive_numbered(
    keytone_telephone_event_receiver* receiver, uint16_t sequence, uint32_t timestamp, int32_t marker,
    const uint8_t* payload, size_t payload_size, keytone_key_sink sink, void* user);
/** The stream has reached `now`, by its audio packets: a key whose end was lost ends. `[audio]` */
KEYTONE_API keytone_error keytone_telephone_event_receiver_advance(keytone_telephone_event_receiver* receiver,
                                                                   uint32_t now, keytone_key_sink sink,
                                                                   void* user);
/** The stream is over: a key that still sounds ends. Only a reset may follow. `[audio]` */
KEYTONE_API keytone_error keytone_telephone_event_receiver_finish(keytone_telephone_event_receiver* receiver,
                                                                  keytone_key_sink sink, void* user);
/** Forgets the stream, as for a new SSRC. `[audio]` */
KEYTONE_API keytone_error keytone_telephone_event_receiver_reset(keytone_telephone_event_receiver* receiver);
/** The counts of what was ignored so far. `[audio]` */
KEYTONE_API keytone_error keytone_telephone_event_receiver_ignored(
    const keytone_telephone_event_receiver* receiver, keytone_telephone_events_ignored* ignored);

/** Merges two streams of keys, telephone events and tones, into one: each key is reported once. */
typedef struct keytone_key_merger keytone_key_merger;

/** The settings of a merger. */
typedef struct keytone_key_merger_config {
    size_t size;              /**< `sizeof(keytone_key_merger_config)`. */
    int32_t rate_hz;          /**< The detector's rate. Default 8000. */
    int32_t clock_hz;         /**< The RTP clock. Default 8000. */
    uint32_t first_timestamp; /**< The RTP timestamp of the detector's sample 0. Default 0. */
    double window_ms;         /**< Onsets this near belong to one key, 0-2000. Default 150. */
} keytone_key_merger_config;

/** Sets the defaults. `[any]` */
KEYTONE_API void keytone_key_merger_config_init(keytone_key_merger_config* config);
/** Creates a merger; `config` may be null for the defaults. Errors: ARGUMENT, RATE, MEMORY. `[control]` */
KEYTONE_API keytone_error keytone_key_merger_create(const keytone_key_merger_config* config,
                                                    keytone_key_merger** merger);
/** Destroys a merger; null has no effect. `[control]` */
KEYTONE_API void keytone_key_merger_destroy(keytone_key_merger* merger);
/** Takes a report of the receiver of telephone events. Errors: ARGUMENT, INVALID_DIGIT. `[audio]` */
KEYTONE_API keytone_error keytone_key_merger_hear_event(keytone_key_merger* merger,
                                                        const keytone_key_report* report,
                                                        keytone_key_sink sink, void* user);
/** Takes a report of the detector. Errors: ARGUMENT, INVALID_DIGIT. `[audio]` */
KEYTONE_API keytone_error keytone_key_merger_hear_tone(keytone_key_merger* merger,
                                                       const keytone_report* report, keytone_key_sink sink,
                                                       void* user);
/** Forgets the stream. `[audio]` */
KEYTONE_API keytone_error keytone_key_merger_reset(keytone_key_merger* merger);

/* ---- session ---- */

/** One call with its two legs. */
typedef struct keytone_session keytone_session;

/** A side of a call. */
typedef enum keytone_leg {
    KEYTONE_LEG_A = 0, /**< The party that the agent talks to. */
    KEYTONE_LEG_B = 1  /**< The target of a transfer. */
} keytone_leg;

/** How a leg sends its keys. */
typedef enum keytone_key_form {
    KEYTONE_KEYS_AS_TONES = 0, /**< In its samples. */
    KEYTONE_KEYS_AS_EVENTS = 1 /**< As telephone events, RFC 4733. */
} keytone_key_form;

/** A prompt that is being prepared. */
typedef struct keytone_prompt keytone_prompt;

/** Speaks and loads prompts for a session: called during keytone_session_submit(). */
typedef struct keytone_prompt_source {
    size_t size; /**< `sizeof(keytone_prompt_source)`. */
    void* user;  /**< Passed to both functions. */
    /** Speaks `text` (UTF-8) at `rate_hz`, and passes the samples to keytone_prompt_set(). */
    void (*speak)(void* user, const char* text, int32_t rate_hz, keytone_prompt* prompt);
    /** Loads the recording called `name`, at `rate_hz`; null where there are no recordings. */
    void (*load)(void* user, const char* name, int32_t rate_hz, keytone_prompt* prompt);
} keytone_prompt_source;

/** Copies the prompt's samples, at most ten minutes. Without this call, the action that needs the prompt
 * fails. `[control]` */
KEYTONE_API keytone_error keytone_prompt_set(keytone_prompt* prompt, const int16_t* samples, size_t count);

/** The settings of a session. */
typedef struct keytone_session_config {
    size_t size;         /**< `sizeof(keytone_session_config)`. */
    const char* header;  /**< The line that begins the call: `{"v":1,"call":"c1","rate":8000}`, with `rate_b`
                            and the agent's `settings` where wanted. Required. */
    const char* profile; /**< See keytone_detector_config. */
    int32_t mix_bridge;  /**< Not 0: process() connects the legs after a transfer; default: the host does, on
                            an intent. */
    double bridge_delay_ms; /**< 1-1000, no less than the host's blocks. Default 20. */
    double max_block_ms;    /**< 1-1000: the longest block while legs are connected. Default 20. */
    const keytone_prompt_source* prompts; /**< Must outlive the session. Null: the host speaks, on intents. */
    keytone_sensitivity sensitivity;      /**< See keytone_detector_config. */
} keytone_session_config;

/** Sets the defaults. `[any]` */
KEYTONE_API void keytone_session_config_init(keytone_session_config* config);
/** Makes a session. Errors: ARGUMENT, PROFILE, MEMORY; LINE, if the header is wrong: then one line that says
 * why is written to `message` (`message_size` bytes, including its NUL; may be null). `[control]` */
KEYTONE_API keytone_error keytone_session_create(const keytone_session_config* config,
                                                 keytone_session** session, char* message,
                                                 size_t message_size);
/** Destroys a session; null has no effect. No other function may be running on it. `[control]` */
KEYTONE_API void keytone_session_destroy(keytone_session* session);
/** Takes one line: what the agent asks for, or what the media server reports. The results, refusals included,
 * are in the outcomes. Errors: ARGUMENT, LINE, MEMORY. `[control]` */
KEYTONE_API keytone_error keytone_session_submit(keytone_session* session, const char* line, size_t length);
/** Why the last line was not taken: one line, `key: what is wrong: what would be accepted`; empty if it was
 * taken. Valid until the next submit. `[control]` */
KEYTONE_API const char* keytone_session_message(const keytone_session* session);
/** The next outcome as a line of JSON with its line end, valid until the next poll; null when there is none.
 * `length` may be null. Errors: ARGUMENT, MEMORY. `[control]` */
KEYTONE_API keytone_error keytone_session_poll(keytone_session* session, const char** line, size_t* length);
/** The leg's next samples. `heard` is what came in, null if it was lost; `sent` holds the agent's own audio
 * (zeros where it has none) on entry and what is to go out on return. 1 to 192 000 samples; both legs on one
 * thread. Errors: ARGUMENT, BLOCK. `[audio]` */
KEYTONE_API keytone_error keytone_session_process(keytone_session* session, keytone_leg leg,
                                                  const int16_t* heard, int16_t* sent, size_t count);
/** The next packet of the leg's keys that is due, if the header's `options` have `"keys":"events"`
 * (`keys_b` for leg b): `has_packet` is 1, or 0 when there is none. Its timestamp counts from the leg's
 * sample 0. Call it after each keytone_session_process() until there is none. Errors: ARGUMENT. `[audio]` */
KEYTONE_API keytone_error keytone_session_next_telephone_event(keytone_session* session, keytone_leg leg,
                                                               keytone_telephone_event_packet* packet,
                                                               int32_t* has_packet);
/** A key of the leg began or ended, as a receiver of telephone events reported it, before the
 * keytone_session_process() in which its time comes, or later. `onset` is a sample of the leg's clock, cut to
 * 32 bits, and the same for begin and end, which alternate. Events and tones become one `digit.heard` for
 * each key. Errors: ARGUMENT, INVALID_DIGIT. `[audio]` */
KEYTONE_API keytone_error keytone_session_hear_key_event(keytone_session* session, keytone_leg leg,
                                                         const keytone_key_report* report);
/** How the leg sends its keys, where that is known only once it is answered: from the next digit string on.
 * Until then as the header says. Errors: ARGUMENT. `[audio]` */
KEYTONE_API keytone_error keytone_session_set_key_form(keytone_session* session, keytone_leg leg,
                                                       keytone_key_form form);
/** The next sample that the leg will be asked for; 0 for null. `[any]` */
KEYTONE_API int64_t keytone_session_position(const keytone_session* session, keytone_leg leg);

#ifdef __cplusplus
}
#endif

#endif
