// SPDX-License-Identifier: MIT
#include "server/program/config_reader.hpp"

#include "tools/console/printable.hpp"
#include "tools/nearest_word.hpp"

#include <algorithm>

namespace keytone::server {

void ConfigReader::fail(const toml::node& at, std::string_view key, const std::string& what) {
    if (!fault_) {
        fault_ = name_ + ":" + std::to_string(at.source().begin.line) + ": " +
                 tools::printable(std::string(key) + " " + what);
    }
}

void ConfigReader::know(const toml::table& table, std::string_view prefix,
                        const std::vector<std::string>& known) {
    for (const auto& [key, value] : table) {
        const std::string word(key.str());
        if (std::ranges::find(known, word) == known.end()) {
            const auto meant = tools::nearest_word(word, known);
            fail(value, std::string(prefix) + word,
                 "is not known" + (meant ? ": did you mean " + std::string(prefix) + *meant + "?"
                                         : ": see keytone-server(1)"));
        }
    }
}

const toml::table* ConfigReader::table(const toml::table& root, std::string_view name) {
    const toml::node* const node = root.get(name);
    if (node == nullptr) {
        return nullptr;
    }
    if (!node->is_table()) {
        fail(*node, name, "is no table: write [" + std::string(name) + "] above its keys");
    }
    return node->as_table();
}

std::optional<std::string> ConfigReader::text(const toml::table& table, std::string_view key,
                                              std::string_view path) {
    const toml::node* const node = table.get(key);
    if (node == nullptr) {
        return std::nullopt;
    }
    if (!node->is_string()) {
        fail(*node, path, "is no string: put it in quotes");
        return std::nullopt;
    }
    return node->as_string()->get();
}

std::optional<std::size_t> ConfigReader::word(const toml::table& table, std::string_view key,
                                              std::string_view path, const std::vector<std::string>& words) {
    const auto given = text(table, key, path);
    if (!given) {
        return std::nullopt;
    }
    const auto found = std::ranges::find(words, *given);
    if (found == words.end()) {
        std::string all;
        for (const std::string& each : words) {
            all += (all.empty() ? "\"" : ", \"") + each + "\"";
        }
        fail(*table.get(key), path, "is none of " + all);
        return std::nullopt;
    }
    return static_cast<std::size_t>(found - words.begin());
}

std::optional<std::string> ConfigReader::path(const toml::table& table, std::string_view key,
                                              std::string_view where) {
    auto given = text(table, key, where);
    if (given && (given->empty() || given->find('\0') != std::string::npos)) {
        fail(*table.get(key), where, "is no path: write \"/etc/keytone/answer.jsonl\"");
    }
    return given;
}

std::vector<std::string> ConfigReader::texts(const toml::table& table, std::string_view key,
                                             std::string_view path) {
    std::vector<std::string> found;
    const toml::node* const node = table.get(key);
    if (node == nullptr) {
        return found;
    }
    const toml::array* const array = node->as_array();
    if (array == nullptr || !array->is_homogeneous(toml::node_type::string)) {
        if (array == nullptr || !array->empty()) {
            fail(*node, path, "is no list of strings: write [\"…\", \"…\"]");
        }
        return found;
    }
    for (const toml::node& entry : *array) {
        found.push_back(entry.as_string()->get());
    }
    return found;
}

std::optional<std::int64_t> ConfigReader::whole(const toml::table& table, std::string_view key,
                                                std::string_view path, std::int64_t least,
                                                std::int64_t most) {
    const toml::node* const node = table.get(key);
    if (node == nullptr) {
        return std::nullopt;
    }
    const auto value = node->value<std::int64_t>();
    if (!node->is_integer() || !value || *value < least || *value > most) {
        fail(*node, path, "is a whole number from " + std::to_string(least) + " to " + std::to_string(most));
        return std::nullopt;
    }
    return value;
}

std::optional<bool> ConfigReader::flag(const toml::table& table, std::string_view key,
                                       std::string_view path) {
    const toml::node* const node = table.get(key);
    if (node != nullptr && !node->is_boolean()) {
        fail(*node, path, "is true or false, without quotes");
        return std::nullopt;
    }
    return node != nullptr ? node->value<bool>() : std::nullopt;
}

} // namespace keytone::server
