// SPDX-License-Identifier: MIT
//
// Are keys taken by menus that are deaf while they talk? Dialled in a closed loop, which waits for the
// prompt's end, and blindly, after the pause that a platform would use.
#include "bench/accuracy/receivers.hpp"
#include "bench/listening/deaf_menus.hpp"
#include "bench/listening/rows/rows.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace keytone::listening {

namespace {

using accuracy::Figure;
using accuracy::percent_text;

constexpr double least_reached_percent = 99.5;

/// A menu's pauses, and the silence that is waited for.
struct Pauses {
    double longest_ms;
    double silence_ms;
};
constexpr std::array cases{Pauses{300.0, 600.0}, Pauses{600.0, 1000.0}, Pauses{1000.0, 1500.0}};

struct Counts {
    std::array<int, 3> of{}; // by Reached

    void add(Reached reached) { ++of.at(static_cast<std::size_t>(reached)); }
    [[nodiscard]] double percent(Reached reached) const {
        const int all = of[0] + of[1] + of[2];
        return all == 0 ? 0.0 : 100.0 * of.at(static_cast<std::size_t>(reached)) / all;
    }
    [[nodiscard]] Figure figure() const {
        return {percent(Reached::all), percent_text(percent(Reached::all))};
    }
};

} // namespace

Outcome rows_of_deaf_menus(const Setting& setting) {
    accuracy::prepare_receivers();
    const std::vector<MenuPrompt> prompts = menu_prompts(setting.cache, setting.set == Set::judge);
    const auto menus = static_cast<std::size_t>(setting.digits);
    Outcome outcome;
    for (const Pauses& pauses : cases) {
        std::vector<Reached> closed(menus);
        std::vector<Reached> blind(menus);
        setting.work.for_each(menus, [&](std::size_t i) {
            accuracy::Random random(104'729 * (i + 1) + static_cast<std::size_t>(pauses.silence_ms));
            const Menu menu = make_menu(prompts, pauses.longest_ms, random);
            const std::string extension = std::to_string(100 + random.below(900));
            closed[i] = dial_extension(menu, extension, Milliseconds{pauses.silence_ms});
            blind[i] = dial_extension(menu, extension, std::nullopt);
        });
        Counts of_closed;
        Counts of_blind;
        std::ranges::for_each(closed, [&](Reached reached) { of_closed.add(reached); });
        std::ranges::for_each(blind, [&](Reached reached) { of_blind.add(reached); });
        const auto seconds = [](double ms) { return accuracy::number_text(ms / 1000.0, 1) + " s"; };
        const std::string what = "pauses up to " + seconds(pauses.longest_ms);
        outcome.lines.push_back({.what = what + ", closed loop, silence " + seconds(pauses.silence_ms),
                                 .asked = "≥ 99.5 %",
                                 .keytone = of_closed.figure(),
                                 .spandsp = {},
                                 .met = of_closed.percent(Reached::all) >= least_reached_percent,
                                 .remark = std::to_string(of_closed.of[1]) + " early, " +
                                           std::to_string(of_closed.of[2]) + " late"});
        outcome.lines.push_back({.what = what + ", blind, pauseSeconds 1",
                                 .asked = "—",
                                 .keytone = of_blind.figure(),
                                 .spandsp = {},
                                 .met = {},
                                 .remark = std::to_string(of_blind.of[1]) + " early"});
    }
    return outcome;
}

} // namespace keytone::listening
