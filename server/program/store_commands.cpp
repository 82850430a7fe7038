// SPDX-License-Identifier: MIT
#include "server/program/store_commands.hpp"

#include "server/program/call_reporter.hpp"
#include "server/program/config_file.hpp"
#include "server/reports/webhook_target.hpp"
#include "server/store/endpoint_table.hpp"
#include "server/store/schema.hpp"
#include "server/store/token_table.hpp"
#include "tools/console/iso_time.hpp"
#include "tools/console/json_line.hpp"
#include "tools/console/printable.hpp"

#include <algorithm>
#include <charconv>
#include <functional>

namespace keytone::server {

namespace {

using tools::failed;
using tools::Failure;
using tools::Json;
using tools::misused;

constexpr std::int64_t most_listed = 1000;
constexpr std::size_t most_name_bytes = 64;

// Opens the store that the configuration names, for `work`.
std::optional<Failure> with_store(const StoreCommand& command,
                                  const std::function<std::optional<Failure>(Database&)>& work) {
    const auto config = read_config_file(command.config);
    if (!config) {
        return config.error();
    }
    if (config->store.empty()) {
        return failed(tools::printable(command.config) +
                      ": names no store: write path = \"/var/lib/keytone/keytone.db\" below [store]");
    }
    try {
        Database database(config->store);
        migrate(database);
        return work(database);
    } catch (const StoreError& error) {
        return failed(tools::printable(error.what()));
    }
}

std::optional<Failure> needs(const StoreCommand& command, std::size_t words, const std::string& form) {
    if (command.words.size() == words) {
        return std::nullopt;
    }
    return misused(command.action + ": takes " + form + ": see --help");
}

bool is_name(const std::string& name) {
    return !name.empty() && name.size() <= most_name_bytes &&
           std::ranges::all_of(name, [](char c) { return c > 0x20 && c < 0x7F; });
}

Failure unknown(const std::string& what, const std::string& name) {
    return failed(tools::printable(name) + ": there is no such " + what + ": see list");
}

// Prints rows of words, or each as JSON.
void print(tools::Console& console, bool as_json, const std::vector<Json>& rows) {
    for (const Json& row : rows) {
        if (as_json) {
            console.print(tools::json_line(row));
            continue;
        }
        std::string line;
        for (const auto& [key, value] : row.items()) {
            const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
            line += (line.empty() ? "" : "  ") + (text.empty() ? "-" : text);
        }
        console.print(tools::printable(line) + "\n");
    }
}

std::optional<Failure> token(const StoreCommand& command, Database& database, tools::Console& console) {
    TokenTable tokens(database);
    if (command.action == "list") {
        if (auto failure = needs(command, 0, "nothing")) {
            return failure;
        }
        std::vector<Json> rows;
        for (const ListedToken& each : tokens.list()) {
            rows.push_back({{"name", each.name}, {"created_at", tools::iso_time(each.created_ms)}});
        }
        print(console, command.json, rows);
        return std::nullopt;
    }
    if (auto failure = needs(command, 1, "a NAME")) {
        return failure;
    }
    const std::string& name = command.words.front();
    if (command.action == "revoke") {
        return tokens.revoke(name) ? std::nullopt : std::optional(unknown("token", name));
    }
    if (!is_name(name)) {
        return misused("create " + tools::printable(name) + ": is no name: write up to " +
                       std::to_string(most_name_bytes) + " letters, digits and signs");
    }
    std::string fault;
    const auto made = tokens.create(name, unix_ms(), fault);
    if (!made) {
        return failed(name + ": " + fault);
    }
    console.print(*made + "\n");
    return std::nullopt;
}

std::optional<Failure> add_endpoint(const StoreCommand& command, EndpointTable& endpoints,
                                    tools::Console& console) {
    if (auto failure = needs(command, 2, "a LABEL and a URL")) {
        return failure;
    }
    const std::string& label = command.words[0];
    const std::string& url = command.words[1];
    if (!EndpointTable::is_label(label)) {
        return misused("add " + tools::printable(label) +
                       ": is no label: write up to 31 of a-z, 0-9 and -, a letter or digit first");
    }
    if (const auto fault = fault_of_webhook_url(url, command.allow_http_webhooks)) {
        return misused("add " + tools::printable(url.substr(0, max_webhook_url_bytes)) + " " + *fault);
    }
    std::string why;
    const auto secret = endpoints.add(label, url, unix_ms(), why);
    if (!secret) {
        return failed(label + ": " + why);
    }
    console.print(*secret + "\n");
    return std::nullopt;
}

std::optional<Failure> webhooks(const StoreCommand& command, Database& database, tools::Console& console) {
    EndpointTable endpoints(database);
    if (command.action == "list") {
        if (auto failure = needs(command, 0, "nothing")) {
            return failure;
        }
        std::vector<Json> rows;
        for (const ListedEndpoint& each : endpoints.list()) {
            rows.push_back(
                {{"label", each.label},
                 {"url", each.url},
                 {"enabled", each.enabled},
                 {"last_delivery_at", each.last_ms ? Json(tools::iso_time(*each.last_ms)) : Json()},
                 {"last_delivery_status", each.last_status}});
        }
        print(console, command.json, rows);
        return std::nullopt;
    }
    if (command.action == "add") {
        return add_endpoint(command, endpoints, console);
    }
    if (auto failure = needs(command, 1, "a LABEL")) {
        return failure;
    }
    const std::string& label = command.words.front();
    if (command.action == "remove") {
        return endpoints.remove(label) ? std::nullopt : std::optional(unknown("endpoint", label));
    }
    const auto secret = endpoints.rotate(label, unix_ms());
    if (!secret) {
        return unknown("endpoint", label);
    }
    console.print(*secret + "\n");
    return std::nullopt;
}

std::optional<Failure> resend(const StoreCommand& command, Database& database, tools::Console& console) {
    Outbox outbox(database);
    Transaction transaction(database);
    std::int64_t count = 0;
    for (const std::string& word : command.words) {
        std::int64_t report = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), report);
        if (error != std::errc{} || end != word.data() + word.size()) {
            return misused("resend " + tools::printable(word) + ": is no number of a report: see list");
        }
        if (!outbox.resend(report, unix_ms())) {
            return unknown("report", word);
        }
        ++count;
    }
    if (command.words.empty()) {
        count = outbox.resend_failed(unix_ms());
    }
    transaction.commit();
    if (EndpointTable(database).list().empty()) {
        return failed("there is no endpoint to send reports to: add one with webhooks add");
    }
    Json row;
    row["resent"] = count;
    print(console, command.json, {row});
    return std::nullopt;
}

std::optional<Failure> reports(const StoreCommand& command, Database& database, tools::Console& console) {
    if (command.action == "resend") {
        return resend(command, database, console);
    }
    if (auto failure = needs(command, 0, "nothing")) {
        return failure;
    }
    std::vector<Json> rows;
    for (const ListedDelivery& each : Outbox(database).list(most_listed)) {
        rows.push_back({{"id", each.report},
                        {"made_at", tools::iso_time(each.made_ms)},
                        {"call_id", each.call},
                        {"session_id", each.session},
                        {"endpoint", each.label},
                        {"state", each.state},
                        {"attempts", each.attempts},
                        {"outcome", each.outcome}});
    }
    print(console, command.json, rows);
    return std::nullopt;
}

using Work = std::optional<Failure> (*)(const StoreCommand&, Database&, tools::Console&);

std::optional<Failure> run(Work work, const StoreCommand& command, tools::Console& console) {
    auto failure = with_store(command, [&](Database& database) { return work(command, database, console); });
    return failure ? failure : console.output_failure();
}

} // namespace

std::optional<Failure> run_token(const StoreCommand& command, tools::Console& console) {
    return run(&token, command, console);
}

std::optional<Failure> run_webhooks(const StoreCommand& command, tools::Console& console) {
    return run(&webhooks, command, console);
}

std::optional<Failure> run_reports(const StoreCommand& command, tools::Console& console) {
    return run(&reports, command, console);
}

} // namespace keytone::server
