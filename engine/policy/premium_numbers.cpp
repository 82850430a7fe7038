// SPDX-License-Identifier: MIT
#include "engine/policy/premium_numbers.hpp"

#include "engine/agent_settings.hpp"

#include <algorithm>
#include <array>

namespace keytone {

namespace {

constexpr std::array ranges = std::to_array<std::string_view>({
    // Of no country: Inmarsat, other satellites, international networks, premium rate, personal numbers.
    "+870",
    "+881",
    "+882",
    "+883",
    "+979",
    "+878",
    // North America
    "+1900",
    "+1???976",
    // Europe
    "+30901",
    "+30909",
    "+31900",
    "+31906",
    "+31909",
    "+3290",
    "+3381",
    "+3382",
    "+3389",
    "+34803",
    "+34806",
    "+34807",
    "+351760",
    "+351761",
    "+351762",
    "+358600",
    "+358700",
    "+35990",
    "+3690",
    "+3691",
    "+370900",
    "+37190",
    "+372900",
    "+38560",
    "+38561",
    "+38564",
    "+38565",
    "+38569",
    "+38689",
    "+38690",
    "+39892",
    "+39893",
    "+39894",
    "+39895",
    "+39899",
    "+40900",
    "+40901",
    "+40903",
    "+40906",
    "+41900",
    "+41901",
    "+41906",
    "+420900",
    "+420906",
    "+420909",
    "+420976",
    "+421900",
    "+42197",
    "+42198",
    "+43900",
    "+43901",
    "+43930",
    "+43931",
    "+43939",
    "+449",
    "+4590",
    "+46900",
    "+46939",
    "+46944",
    "+46649",
    "+47829",
    "+47820",
    "+4870",
    "+49137",
    "+49900",
    "+7803",
    "+7809",
    // Elsewhere
    "+52900",
    "+55900",
    "+61190",
    "+64900",
    "+81990",
    "+852900",
    "+90888",
    "+90898",
    "+90900",
    "+9721200",
    "+97219",
    "+2790",
    "+27862",
});

bool begins_with(std::string_view number, std::string_view range) {
    return number.size() >= range.size() && std::equal(range.begin(), range.end(), number.begin(),
                                                       [](char r, char n) { return r == '?' || r == n; });
}

bool is_same_domain(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

// Entries of numbers that have fewer characters do not count.
bool has_entry_for(const std::vector<std::string>& entries, std::string_view number,
                   const std::optional<std::string>& domain, std::size_t least) {
    return std::ranges::any_of(entries, [&](std::string_view entry) {
        if (!entry.starts_with(AgentSettings::sip_scheme)) {
            return !domain && entry != AgentSettings::own_number && entry.size() >= least &&
                   number.starts_with(entry);
        }
        entry.remove_prefix(AgentSettings::sip_scheme.size());
        return domain && (is_same_domain(entry, *domain) ||
                          is_same_domain(entry, std::string_view(*domain).substr(0, domain->find(':'))));
    });
}

} // namespace

std::optional<std::string_view> premium_range(std::string_view number) {
    const auto* const found =
        std::ranges::find_if(ranges, [&](std::string_view range) { return begins_with(number, range); });
    return found != ranges.end() ? std::optional(*found) : std::nullopt;
}

bool is_listed(const std::vector<std::string>& entries, std::string_view number,
               const std::optional<std::string>& domain) {
    return has_entry_for(entries, number, domain, 0);
}

bool may_be_dialled(const std::vector<std::string>& entries, std::string_view number,
                    const std::optional<std::string>& domain) {
    const auto range = premium_range(number);
    const std::size_t least = range ? range->size() : 0;
    // A domain's PBX that has a line to the network dials a number in the user part.
    if (domain && range && !has_entry_for(entries, number, std::nullopt, least)) {
        return false;
    }
    return has_entry_for(entries, number, domain, least);
}

} // namespace keytone
