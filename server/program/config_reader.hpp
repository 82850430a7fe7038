// SPDX-License-Identifier: MIT
#pragma once

#include <toml++/toml.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

/// Reads one TOML file, key by key, and keeps the first fault: one line with the place, the key and the
/// remedy. `path` is the key's name as the line has it, such as "sip.listen". Each function returns nothing
/// for a key that is absent, and for one that is wrong. `[control]`
class ConfigReader {
  public:
    explicit ConfigReader(std::string_view name) : name_(name) {}

    /// The first fault; nothing where there is none.
    [[nodiscard]] const std::optional<std::string>& fault() const { return fault_; }

    /// Keeps `name:line: key what`, if it is the first fault.
    void fail(const toml::node& at, std::string_view key, const std::string& what);

    /// Fails for each table or key that is not among the known ones: a typing mistake.
    void know(const toml::table& table, std::string_view prefix, const std::vector<std::string>& known);

    /// Null for one that is absent or no table.
    const toml::table* table(const toml::table& root, std::string_view name);

    std::optional<std::string> text(const toml::table& table, std::string_view key, std::string_view path);

    /// One of `words`, by its place among them.
    std::optional<std::size_t> word(const toml::table& table, std::string_view key, std::string_view path,
                                    const std::vector<std::string>& words);

    /// Text that is there, and names a file or a folder.
    std::optional<std::string> path(const toml::table& table, std::string_view key, std::string_view where);

    /// A list of strings; empty where it is absent or wrong.
    std::vector<std::string> texts(const toml::table& table, std::string_view key, std::string_view path);

    /// A whole number from `least` to `most`.
    std::optional<std::int64_t> whole(const toml::table& table, std::string_view key, std::string_view path,
                                      std::int64_t least, std::int64_t most);

    std::optional<bool> flag(const toml::table& table, std::string_view key, std::string_view path);

  private:
    std::string name_;
    std::optional<std::string> fault_;
};

} // namespace keytone::server
