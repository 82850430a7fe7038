// SPDX-License-Identifier: MIT
#include "server/profiles/agent_directory.hpp"

#include <utility>

namespace keytone::server {

AgentDirectory::AgentDirectory(const std::optional<AgentConfig>& configured)
    : usual_(configured.value_or(AgentConfig{})) {
    if (configured) {
        AgentProfile profile;
        profile.stored.id = configured_id;
        profile.stored.name = configured_id;
        profile.config = *configured;
        configured_ = std::make_shared<const AgentProfile>(std::move(profile));
        by_id_.emplace(configured_id, configured_);
    }
}

std::vector<std::string> AgentDirectory::load(const std::vector<StoredAgent>& stored) {
    std::vector<std::string> unread;
    for (const StoredAgent& agent : stored) {
        if (configured_ && agent.id == configured_id) {
            unread.push_back(agent.id + ": the configuration has an agent of that name");
            continue;
        }
        auto profile = read_agent(agent, usual_);
        if (profile) {
            know(*std::move(profile));
        } else {
            unread.push_back(agent.id + ": " + profile.error().message);
        }
    }
    return unread;
}

Result<AgentProfilePtr, ApiFault>
AgentDirectory::change(std::string_view id, std::string_view body, UnixMs now,
                       const std::function<std::optional<ApiFault>(const StoredAgent&)>& keep) {
    if (configured_ && id == configured_id) {
        return ApiFault{409, "configured",
                        "agent: this one is the configuration's: change [agent] there, or use another id"};
    }
    const std::lock_guard changing(changing_);
    const AgentProfilePtr old = find(id);
    auto merged = merge_agent(old ? std::optional(old->stored) : std::nullopt, id, body, usual_, now);
    if (!merged) {
        return merged.error();
    }
    if (auto fault = taken(*merged)) {
        return *std::move(fault);
    }
    if (auto fault = keep(merged->stored)) {
        return *std::move(fault);
    }
    know(*std::move(merged));
    return find(id);
}

bool AgentDirectory::remove(std::string_view id, const std::function<void(std::string_view)>& forget) {
    const std::lock_guard changing(changing_);
    const AgentProfilePtr agent = find(id);
    if (!agent || agent == configured_) {
        return false;
    }
    forget(id);
    const std::lock_guard lock(mutex_);
    std::erase_if(by_number_, [&agent](const auto& entry) { return entry.second == agent; });
    by_id_.erase(by_id_.find(id));
    return true;
}

AgentProfilePtr AgentDirectory::find(std::string_view id) const {
    const std::lock_guard lock(mutex_);
    const auto found = by_id_.find(id);
    return found != by_id_.end() ? found->second : nullptr;
}

AgentProfilePtr AgentDirectory::picked_by(std::string_view called) const {
    {
        const std::lock_guard lock(mutex_);
        if (const auto found = by_number_.find(called); found != by_number_.end()) {
            return found->second;
        }
    }
    return find(called);
}

std::vector<AgentProfilePtr> AgentDirectory::list() const {
    const std::lock_guard lock(mutex_);
    std::vector<AgentProfilePtr> all;
    for (const auto& [id, profile] : by_id_) {
        all.push_back(profile);
    }
    return all;
}

void AgentDirectory::know(AgentProfile profile) {
    const auto known = std::make_shared<const AgentProfile>(std::move(profile));
    const std::lock_guard lock(mutex_);
    std::erase_if(by_number_, [&](const auto& entry) { return entry.second->stored.id == known->stored.id; });
    for (const std::string& number : known->numbers) {
        by_number_.try_emplace(number, known);
    }
    by_id_.insert_or_assign(known->stored.id, known);
}

std::optional<ApiFault> AgentDirectory::taken(const AgentProfile& profile) const {
    const std::lock_guard lock(mutex_);
    for (const std::string& number : profile.numbers) {
        const auto found = by_number_.find(number);
        if (found != by_number_.end() && found->second->stored.id != profile.stored.id) {
            return ApiFault{409, "number_taken",
                            "/numbers: the agent " + found->second->stored.id +
                                " has one of these already: take it from there first"};
        }
    }
    return std::nullopt;
}

} // namespace keytone::server
