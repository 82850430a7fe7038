// SPDX-License-Identifier: MIT
//
// What Prometheus reads, read by its own client for Python; and the dashboard that shows it.
#include "server/metrics/health.hpp"
#include "server/metrics/metrics_text.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace keytone::server {
namespace {

using testing::HasSubstr;

std::string text_of(const Metrics& metrics) {
    return metrics_text(metrics, {"1.2", 1'796'000'000'500, 1'796'000'060'000, 2500, 2});
}

TEST(MetricsText, ShowsWhatWasCounted) {
    Metrics metrics;
    metrics.calls[static_cast<std::size_t>(CallStage::in_progress)] = 3;
    metrics.count_reported("user_hangup_no_speech");
    metrics.count_reported("no such word");
    metrics.setup.add(0.04);
    metrics.setup.add(0.05); // A bound is its bucket's.
    metrics.setup.add(99.0);
    metrics.keys_sent[1] = 4;
    metrics.outbox = 2;
    metrics.outbox_oldest = 1'796'000'057'500;
    const std::string text = text_of(metrics);
    for (const char* const line :
         {"keytone_build_info{version=\"1.2\"} 1\n", "keytone_start_time_seconds 1796000000.5\n",
          "# TYPE keytone_calls gauge\n", "keytone_calls{state=\"in_progress\"} 3\n",
          "keytone_calls{state=\"ringing\"} 0\n",
          "keytone_calls_reported_total{disposition=\"user_hangup_no_speech\"} 1\n",
          "keytone_call_setup_seconds_bucket{le=\"0.025\"} 0\n",
          "keytone_call_setup_seconds_bucket{le=\"0.05\"} 2\n",
          "keytone_call_setup_seconds_bucket{le=\"30\"} 2\n",
          "keytone_call_setup_seconds_bucket{le=\"+Inf\"} 3\n", "keytone_call_setup_seconds_sum 99.09\n",
          "keytone_call_setup_seconds_count 3\n", "keytone_keys_sent_total{leg=\"b\"} 4\n",
          "keytone_outbox_deliveries 2\n", "keytone_outbox_oldest_age_seconds 2.5\n"}) {
        EXPECT_THAT(text, HasSubstr(line));
    }
    EXPECT_EQ(text.find("state=\"ended\""), std::string::npos);
}

// Every family has its help and its type, names and units are as Prometheus wants them, and samples can be
// read.
TEST(MetricsText, IsReadByPrometheusOwnClient) {
    const test::TemporaryFolder folder;
    const std::string file = folder.write("metrics.txt", text_of({}));
    const auto read = test::run_child("/usr/bin/python3", {"-c", R"(
import sys
try:
    from prometheus_client.parser import text_string_to_metric_families
except ImportError:
    sys.exit(77)
families = list(text_string_to_metric_families(open(sys.argv[1]).read()))
for family in families:
    assert family.documentation and family.type in ("counter", "gauge", "histogram"), family
    assert family.samples, family
    if family.type == "histogram":
        counts = [s.value for s in family.samples if s.name.endswith("_bucket")]
        assert counts == sorted(counts) and family.samples[0].name.startswith(family.name), family
names = [family.name for family in families]
assert len(names) == len(set(names)), names
print(len(families))
)",
                                                           file});
    if (read.exit_code == 77) {
        GTEST_SKIP() << "python3-prometheus-client is not installed";
    }
    EXPECT_EQ(read.exit_code, 0) << read.errors;
    EXPECT_GT(std::stoi(read.output), 20);
}

/// The families that the service has.
std::set<std::string> families() {
    std::set<std::string> names;
    std::istringstream lines(text_of({}));
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string mark;
        std::string kind;
        std::string name;
        std::string type;
        words >> mark >> kind >> name >> type;
        if (mark == "#" && kind == "TYPE") {
            names.insert(name);
            if (type == "histogram") {
                names.insert({name + "_bucket", name + "_sum", name + "_count"});
            }
        }
    }
    return names;
}

std::set<std::string> named_in(const std::string& file) {
    std::ifstream stream(file);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    EXPECT_FALSE(text.empty()) << file;
    const std::regex name("keytone_[a-z_]+");
    std::set<std::string> names;
    for (std::sregex_iterator at(text.begin(), text.end(), name), end; at != end; ++at) {
        names.insert(at->str());
    }
    return names;
}

TEST(Dashboard, ShowsOnlyWhatThereIs) {
    const std::string file = KEYTONE_ROOT "/examples/grafana/keytone.json";
    std::ifstream stream(file);
    const auto dashboard = nlohmann::json::parse(stream);
    EXPECT_GT(dashboard.at("panels").size(), 8U);
    const auto known = families();
    for (const std::string& name : named_in(file)) {
        EXPECT_TRUE(known.contains(name)) << name;
    }
}

// docs/live.md has a row for each.
TEST(Documentation, NamesEveryMetric) {
    const auto told = named_in(KEYTONE_ROOT "/docs/live.md");
    for (const std::string& name : families()) {
        const std::string family = std::regex_replace(name, std::regex("_(bucket|sum|count)$"), "");
        EXPECT_TRUE(told.contains(family)) << family;
    }
}

TEST(Health, SaysWhatIsWrong) {
    Health health;
    EXPECT_EQ(health.status(), 200);
    EXPECT_EQ(health.text(), R"({"status":"ok"})");
    health.reasons = {"the store cannot be written", "a media thread stands still"};
    EXPECT_EQ(health.status(), 503);
    EXPECT_EQ(nlohmann::json::parse(health.text()).at("reasons").at(1), "a media thread stands still");
    EXPECT_EQ(nlohmann::json::parse(health.text()).at("status"), "degraded");
}

} // namespace
} // namespace keytone::server
