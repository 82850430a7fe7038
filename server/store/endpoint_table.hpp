// SPDX-License-Identifier: MIT
//
// Where reports go.
#pragma once

#include "server/store/call_table.hpp"
#include "server/store/database.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

struct ListedEndpoint {
    std::int64_t id = 0; ///< Stays when the label is changed.
    std::string label;
    std::string url;
    bool enabled = true;
    UnixMs created_ms = 0;
    UnixMs updated_ms = 0;
    std::optional<UnixMs> last_ms; ///< Of the last attempt to deliver.
    std::string last_status;       ///< Its outcome.
};

/// All throw StoreError.
class EndpointTable {
  public:
    static constexpr std::size_t most = 5;
    static constexpr std::size_t most_label_bytes = 31;
    static constexpr std::string_view prefix = "whsec_";
    /// The label of the one endpoint that older programs set.
    static constexpr std::string_view default_label = "default";

    /// Whether a label is `[a-z0-9][a-z0-9-]{0,30}`. `[any]`
    static bool is_label(std::string_view label);

    explicit EndpointTable(Database& database) : database_(database) {}

    /// Its secret, which nobody can ask for again. Nothing where the label is taken, or there are as many as
    /// may be: `fault` says which.
    std::optional<std::string> add(const std::string& label, const std::string& url, UnixMs now,
                                   std::string& fault);
    [[nodiscard]] std::vector<ListedEndpoint> list() const;
    [[nodiscard]] std::optional<ListedEndpoint> find(std::int64_t id) const;
    /// Sets the endpoint of the default label, with a new secret: returned as add() does.
    std::optional<std::string> put_default(const std::string& url, UnixMs now, std::string& fault);
    /// Enables it or not, and names it anew; nothing where there is nothing to change. False where the label
    /// is taken.
    bool change(const std::string& label, std::optional<bool> enabled,
                const std::optional<std::string>& new_label, UnixMs now);
    /// What was not delivered to it is not delivered any more. False where there is none of that label.
    bool remove(const std::string& label);
    /// A new secret, with which everything is signed from now on; nothing where there is none of that label.
    std::optional<std::string> rotate(const std::string& label, UnixMs now);

  private:
    Database& database_;
};

} // namespace keytone::server
