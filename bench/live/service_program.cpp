// SPDX-License-Identifier: MIT
#include "bench/live/service_program.hpp"

#include "bench/live/api_connection.hpp"
#include "bench/live/cost.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace keytone::bench {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// A port of 127.0.0.1 that is free now, by TCP and UDP, from the first one on: above those of RTP, and below
/// those that the system gives out by itself.
std::uint16_t free_port(std::uint16_t first) {
    for (std::uint16_t port = first; port < first + 1000; ++port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        bool is_free = true;
        for (const int kind : {SOCK_STREAM, SOCK_DGRAM}) {
            const int tried = socket(AF_INET, kind | SOCK_CLOEXEC, 0);
            is_free =
                bind(tried, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 && is_free;
            close(tried);
        }
        if (is_free) {
            return port;
        }
    }
    throw std::runtime_error("no port of 127.0.0.1 is free");
}

std::string on_loopback(std::uint16_t port) {
    return "127.0.0.1:" + std::to_string(port);
}

bool ends_within(const PeerProgram& program, std::chrono::seconds time) {
    for (const auto until = Clock::now() + time; program.runs();) {
        if (Clock::now() > until) {
            return false;
        }
        std::this_thread::sleep_for(20ms);
    }
    return true;
}

} // namespace

std::string ServiceProgram::beside_this_program() {
    return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "keytone-server").string();
}

ServiceProgram::ServiceProgram(const Setup& setup)
    : sip_address_(on_loopback(free_port(30'100))), api_port_(free_port(31'200)) {
    write_config(setup);
    token_ = make_token(setup.program); // A service that runs would know it a while later.
    program_.emplace(
        std::vector<std::string>{setup.program, "--config", folder_.path() / "server.toml", "--log", "json"},
        folder_.path() / "log");
    wait_until_it_serves();
}

ServiceProgram::~ServiceProgram() {
    if (program_) {
        for (int i = 0; i < 2; ++i) { // The second one ends calls at once that are still there.
            kill(program_->process(), SIGTERM);
            if (ends_within(*program_, 10s)) {
                break;
            }
        }
        program_.reset();
    }
}

void ServiceProgram::write_config(const Setup& setup) const {
    std::ofstream config(folder_.path() / "server.toml");
    config << "[sip]\nlisten = \"" << sip_address_ << "\"\nmax_calls = " << setup.calls + 10
           << "\n[rtp]\nports = \"20000-29999\"\n[media]\nthreads = " << setup.media_threads
           << "\n[agent]\nurl = \"ws://" << on_loopback(setup.agent_port)
           << "/\"\nanswer_after = 30\n[store]\npath = \"" << (folder_.path() / "store.db").string()
           << "\"\n[http]\nlisten = \"" << on_loopback(api_port_) << "\"\n";
    if (setup.records) {
        std::filesystem::create_directory(folder_.path() / "recordings");
        config << "[recordings]\npath = \"" << (folder_.path() / "recordings").string() << "\"\n";
    }
    if (!config.flush()) {
        throw std::runtime_error(folder_.path().string() + " cannot be written");
    }
}

void ServiceProgram::wait_until_it_serves() {
    const auto until = Clock::now() + 20s;
    for (;;) {
        const std::string said = log();
        // It tells of real time at once behind its start, or never: by then the API listens.
        if (said.find("service.started") != std::string::npos) {
            try {
                const ApiConnection tried(api_port_);
                real_time_ = log().find("service.no_real_time") == std::string::npos;
                return;
            } catch (const std::exception&) { // not yet
            }
        }
        if (!program_->runs() || Clock::now() > until) {
            throw std::runtime_error("keytone-server does not start: " + said);
        }
        std::this_thread::sleep_for(20ms);
    }
}

std::string ServiceProgram::make_token(const std::string& program) const {
    const PeerProgram command(
        {program, "token", "create", "bench", "--config", folder_.path() / "server.toml"},
        folder_.path() / "token");
    std::string token;
    if (!ends_within(command, 10s) || !(std::istringstream(folder_.text_of("token")) >> token)) {
        throw std::runtime_error("keytone-server makes no token");
    }
    return token;
}

std::map<std::string, double> ServiceProgram::metrics() const {
    ApiConnection connection(api_port_);
    const auto answer = ask_api(connection, api_request("GET", "/metrics", token_));
    if (answer.status != 200) {
        throw std::runtime_error("keytone-server shows no metrics: " + answer.body);
    }
    std::map<std::string, double> values;
    std::istringstream lines(answer.body);
    for (std::string line; std::getline(lines, line);) {
        const auto space = line.rfind(' ');
        if (!line.starts_with('#') && space != std::string::npos) {
            values[line.substr(0, space)] = std::strtod(line.c_str() + space, nullptr);
        }
    }
    return values;
}

std::map<std::string, double> ServiceProgram::seconds_by_thread() const {
    std::map<std::string, double> seconds;
    for (const int thread : threads_of(process())) {
        const std::string name = thread == process() ? "control" : name_of(process(), thread);
        seconds[name] += seconds_run(process(), thread).value_or(0.0);
    }
    return seconds;
}

std::string ServiceProgram::log() const {
    return folder_.text_of("log");
}

} // namespace keytone::bench
