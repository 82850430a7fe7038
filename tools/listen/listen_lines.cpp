// SPDX-License-Identifier: MIT
#include "tools/listen/listen_lines.hpp"

#include "tools/console/printable.hpp"

#include <array>
#include <cstdio>
#include <string_view>

namespace keytone::tools {

namespace {

using What = HeardThing::What;

std::string_view name(What what) {
    switch (what) {
    case What::speech:
        return "speech";
    case What::sound:
        return "sound";
    case What::silence:
        return "silence";
    case What::beep:
        return "beep";
    case What::progress:
        return "progress";
    case What::answer:
        return "answer";
    }
    return "unknown";
}

std::string milliseconds(double seconds) {
    std::array<char, 32> text{};
    static_cast<void>(std::snprintf(text.data(), text.size(), "%.3f", seconds));
    return text.data();
}

} // namespace

std::string in_words(const HeardThing& heard) {
    if (heard.what == What::answer) {
        return "answered by " + std::string(name_of(heard.by));
    }
    if (heard.what == What::progress) {
        const bool has_kind = heard.information != SpecialInformation::none;
        return std::string(name_of(heard.tone)) + (has_kind ? " " : "") +
               (has_kind ? std::string(name_of(heard.information)) : "");
    }
    return std::string(name(heard.what));
}

Json as_json(const HeardThing& heard, double rate_hz) {
    Json object{
        {"what", name(heard.what)},
        {"start_s", to_microseconds(static_cast<double>(heard.begin) / rate_hz)},
        {"end_s", to_microseconds(static_cast<double>(heard.end) / rate_hz)},
    };
    if (heard.what == What::answer) {
        object["by"] = name_of(heard.by);
    } else if (heard.what == What::progress) {
        object["tone"] = name_of(heard.tone);
        if (heard.information != SpecialInformation::none) {
            object["information"] = name_of(heard.information);
        }
        object["certainty"] = to_hundredths(heard.certainty);
    }
    return object;
}

Json as_json(const DtmfReport& key, double rate_hz) {
    return {
        {"what", "key"},
        {"start_s", to_microseconds(static_cast<double>(key.onset) / rate_hz)},
        {"end_s", to_microseconds(static_cast<double>(key.onset + key.duration) / rate_hz)},
        {"digit", std::string(1, key.key.character())},
        {"low_dbm0", to_hundredths(key.low_level.value)},
        {"high_dbm0", to_hundredths(key.high_level.value)},
        {"low_hz", to_hundredths(key.low_frequency.value)},
        {"high_hz", to_hundredths(key.high_frequency.value)},
        {"snr_db", to_hundredths(key.snr.value)},
    };
}

std::string text_line(const HeardWhere& where, double start_s, double end_s, const std::string& words) {
    return printable(where.path) + "\t" + std::to_string(where.channel) + "\t" + milliseconds(start_s) +
           "\t" + milliseconds(end_s) + "\t" + words + "\n";
}

std::string json_line_of(const HeardWhere& where, const Json& heard) {
    Json object{{"file", where.path}, {"channel", where.channel}};
    object.update(heard);
    return json_line(object);
}

} // namespace keytone::tools
