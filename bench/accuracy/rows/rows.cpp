// SPDX-License-Identifier: MIT
#include "bench/accuracy/rows/rows.hpp"

#include <array>

namespace keytone::accuracy {

std::span<const Row> rows() {
    static constexpr std::array all{
        Row{"noise", "White noise, 0-4 kHz", 60, measure_noise},
        Row{"prompts", "Talk-off: recorded prompts, English and Spanish", 8, measure_talk_off_prompts},
        Row{"warped", "Talk-off: the same prompts, faster and slower", 60, measure_talk_off_warped},
        Row{"real_speech", "Talk-off: a folder of recorded speech", 60, measure_talk_off_speech},
        Row{"packages", "Talk-off: recorded speech in packages", 30, measure_talk_off_packages},
        Row{"synthetic", "Talk-off: espeak-ng and flite read text", 60, measure_talk_off_synthetic},
        Row{"music", "Talk-off: music and effects", 40, measure_talk_off_music},
        Row{"talk_off_codecs", "Talk-off: speech and music through codecs", 60, measure_talk_off_codecs},
        Row{"talk_off_loss", "Talk-off: speech and music, 5 % of 20 ms frames lost", 4,
            measure_talk_off_loss},
        Row{"sensitivity", "What each sensitivity hears, and hears falsely", 30, measure_sensitivity},
        Row{"deviation", "Both tones off their frequency", 12, measure_deviation},
        Row{"rejection", "One tone too far off its frequency", 6, measure_rejection},
        Row{"level_difference", "One tone louder than the other", 14, measure_level_difference},
        Row{"duration", "Short bursts", 10, measure_duration},
        Row{"interruption", "Interruptions and pauses", 10, measure_interruption},
        Row{"level", "Level of each tone, clean line", 14, measure_level},
        Row{"dial_tone", "Dial tone under the keys", 6, measure_dial_tone},
        Row{"dial_cadence", "Dial tone that begins with the keys, stops, or comes and goes", 12,
            measure_dial_cadence},
        Row{"single_tone", "One tone of a key alone", 3, measure_single_tone},
        Row{"third_tone", "A third tone, 200-3400 Hz", 2, measure_third_tone},
        Row{"speech", "Recorded prompts under the keys", 4, measure_speech},
        Row{"key_after_key", "What follows a key at once, every profile", 4, measure_key_after_key},
        Row{"level_change", "A level that changes while a key sounds, every profile", 4,
            measure_level_change},
        Row{"echo", "Echo, and the same key again", 3, measure_echo},
        Row{"packet_loss", "Frames lost: 5 % of those of 20 ms, or a part of a key", 4, measure_packet_loss},
        Row{"codecs", "Through codecs", 30, measure_codecs},
        Row{"latency", "From a tone's onset to its report", 2, measure_latency},
        Row{"times", "Onset and duration as reported, 20 dB SNR", 1, measure_times},
        Row{"profiles", "Every profile, at the edges of its limits", 20, measure_profiles},
        Row{"microphone", "Recorded in a room, profile microphone", 10, measure_microphone},
        Row{"procedure", "The usual test of a receiver, 50/50 ms", 20, measure_procedure},
    };
    return all;
}

} // namespace keytone::accuracy
