// SPDX-License-Identifier: MIT
#include "bench/accuracy/rows/rows.hpp"

#include <array>

namespace keytone::accuracy {

std::span<const Row> rows() {
    static constexpr std::array all{
        Row{"noise", "White noise, 0-4 kHz", 60, measure_noise},
        Row{"prompts", "Talk-off: recorded prompts, English and Spanish", 8, measure_talk_off_prompts},
        Row{"warped", "Talk-off: the same prompts, faster and slower", 60, measure_talk_off_warped},
        Row{"synthetic", "Talk-off: flite and espeak-ng read text", 20, measure_talk_off_synthetic},
        Row{"music", "Talk-off: music on hold", 4, measure_talk_off_music},
        Row{"deviation", "Both tones off their frequency", 12, measure_deviation},
        Row{"rejection", "One tone too far off its frequency", 6, measure_rejection},
        Row{"level_difference", "One tone louder than the other", 14, measure_level_difference},
        Row{"duration", "Short bursts", 10, measure_duration},
        Row{"interruption", "Interruptions and pauses", 10, measure_interruption},
        Row{"level", "Level of each tone, clean line", 14, measure_level},
        Row{"dial_tone", "Dial tone under the keys", 6, measure_dial_tone},
        Row{"third_tone", "A third tone, 200-3400 Hz", 2, measure_third_tone},
        Row{"speech", "Recorded prompts under the keys", 4, measure_speech},
        Row{"key_after_key", "What follows a key at once, every profile", 4, measure_key_after_key},
        Row{"level_change", "A level that changes while a key sounds, every profile", 4,
            measure_level_change},
        Row{"echo", "Echo, and the same key again", 3, measure_echo},
        Row{"packet_loss", "5 % of 20 ms frames lost", 2, measure_packet_loss},
        Row{"codecs", "Through codecs", 30, measure_codecs},
        Row{"latency", "From a tone's onset to its report", 2, measure_latency},
        Row{"times", "Onset and duration as reported, 20 dB SNR", 1, measure_times},
        Row{"profiles", "Every profile, at the edges of its limits", 20, measure_profiles},
        Row{"procedure", "The usual test of a receiver, 50/50 ms", 20, measure_procedure},
    };
    return all;
}

} // namespace keytone::accuracy
