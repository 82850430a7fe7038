// SPDX-License-Identifier: MIT
#include "bench/accuracy/outcome.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <string_view>

namespace keytone::accuracy {

namespace {

constexpr const char* minus_sign = "\xE2\x88\x92"; // U+2212

void append_count(std::string& text, std::int64_t count, const char* what) {
    if (count > 0) {
        text += ", " + std::to_string(count) + what;
    }
}

} // namespace

std::string number_text(double number, int decimals) {
    std::array<char, 64> text{};
    static_cast<void>(std::snprintf(text.data(), text.size(), "%.*f", decimals, std::abs(number)));
    const bool is_zero = std::string_view(text.data()).find_first_not_of("0.") == std::string_view::npos;
    return (number < 0.0 && !is_zero ? minus_sign : "") + std::string(text.data());
}

std::string percent_text(double percent) {
    const double cut = std::floor(percent * 100.0 + 1e-9) / 100.0;
    if (percent > 0.0 && cut == 0.0) {
        return "< 0.01 %";
    }
    return number_text(cut, cut == std::floor(cut) ? 0 : 2) + " %";
}

void append(Outcome& outcome, Outcome more) {
    std::ranges::move(more.lines, std::back_inserter(outcome.lines));
    std::ranges::move(more.curves, std::back_inserter(outcome.curves));
    std::ranges::move(more.false_keys, std::back_inserter(outcome.false_keys));
}

Figure hit_figure(const Score& score) {
    Figure figure{score.hit_percent(), percent_text(score.hit_percent())};
    append_count(figure.text, score.wrong, " wrong");
    append_count(figure.text, score.extra, " extra");
    return figure;
}

Figure accepted_figure(const Score& score) {
    Figure figure{score.accepted_percent(), percent_text(score.accepted_percent())};
    append_count(figure.text, score.extra, " extra");
    return figure;
}

} // namespace keytone::accuracy
