// SPDX-License-Identifier: MIT
#pragma once

#include "server/profiles/agent_profile.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

using AgentProfilePtr = std::shared_ptr<const AgentProfile>;

/// The agents that calls may have: those of the store, and that of the configuration. A call keeps the
/// profile that it began with. `[any]`
class AgentDirectory {
  public:
    /// The id of the configuration's agent.
    static constexpr std::string_view configured_id = "agent";

    /// `configured`: the table `agent` of the configuration.
    explicit AgentDirectory(const std::optional<AgentConfig>& configured = {});

    /// What is in the store. Returns the ids of those that this version does not read, with the reason.
    std::vector<std::string> load(const std::vector<StoredAgent>& stored);
    /// merge_agent() of the agent as it is now. `keep` writes the result to the store: where it returns a
    /// fault, nothing has changed. Errors: merge_agent()'s, `keep`'s; 409 `configured` for the
    /// configuration's agent, 409 `number_taken` where another agent has one of the numbers.
    Result<AgentProfilePtr, ApiFault>
    change(std::string_view id, std::string_view body, UnixMs now,
           const std::function<std::optional<ApiFault>(const StoredAgent&)>& keep);

    /// Forgets an agent, in the store by `forget`; calls go on with it. False where there is none, or it is
    /// the configuration's.
    bool remove(std::string_view id, const std::function<void(std::string_view)>& forget);

    /// Null where there is none.
    [[nodiscard]] AgentProfilePtr find(std::string_view id) const;
    /// The agent that a called user or number picks: by its numbers, or else by its id. Null where there is
    /// none.
    [[nodiscard]] AgentProfilePtr picked_by(std::string_view called) const;
    /// The configuration's; null where it has none.
    [[nodiscard]] const AgentProfilePtr& configured() const { return configured_; }
    /// All, by their ids.
    [[nodiscard]] std::vector<AgentProfilePtr> list() const;

  private:
    void know(AgentProfile profile);
    [[nodiscard]] std::optional<ApiFault> taken(const AgentProfile& profile) const;

    const AgentConfig usual_;
    AgentProfilePtr configured_;
    std::mutex changing_; ///< One change at a time, its write to the store included.
    mutable std::mutex mutex_;
    std::map<std::string, AgentProfilePtr, std::less<>> by_id_;
    std::map<std::string, AgentProfilePtr, std::less<>> by_number_;
};

} // namespace keytone::server
