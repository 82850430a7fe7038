// SPDX-License-Identifier: MIT
#include "bench/listening/rows/rows.hpp"

#include <vector>

namespace keytone::listening {

std::span<const Row> rows() {
    static const std::vector<Row> all{
        {"progress", "Call progress of each country", 20, rows_of_progress},
        {"machine_tones", "Special information, faxes and modems", 10, rows_of_machine_tones},
        {"false_tones", "Speech and music without a tone", 60, rows_of_false_tones},
        {"beeps", "Beeps of voicemail", 20, rows_of_beeps},
        {"prompt_ends", "Ends of prompts", 10, rows_of_prompt_ends},
        {"deaf_menus", "Menus that are deaf while they talk", 10, rows_of_deaf_menus},
        {"answers", "Who answered", 10, rows_of_answers},
        {"redaction", "Keys taken out of recordings", 30, rows_of_redaction},
    };
    return all;
}

} // namespace keytone::listening
