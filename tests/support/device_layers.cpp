// SPDX-License-Identifier: MIT
#include "tests/support/device_layers.hpp"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sstream>

namespace keytone::test {

namespace {

using namespace std::chrono_literals;

/// Whether `program` is found in PATH.
bool is_installed(const std::string& program) {
    const char* const path = std::getenv("PATH");
    std::istringstream folders(path == nullptr ? "" : path);
    for (std::string folder; std::getline(folders, folder, ':');) {
        if (access((folder + "/" + program).c_str(), X_OK) == 0) {
            return true;
        }
    }
    return false;
}

/// Keep a program away from the audio systems of the user who runs the test.
const std::string no_jack = "JACK_DEFAULT_SERVER=keytone-none";
const std::string no_pulse = "PULSE_SERVER=unix:/nonexistent";
// PortAudio unloads ALSA's plugins before they have freed everything: LeakSanitizer then cannot attribute the
// leaks.
const std::string no_leaks = "LSAN_OPTIONS=detect_leaks=0";

} // namespace

JackServer::JackServer(int rate_hz) : name_("keytone-test-" + std::to_string(getpid())) {
    for (const char* program : {"jackd", "jack_wait", "jack_connect"}) {
        if (!is_installed(program)) {
            problem_ = std::string(program) + " is not installed: Debian package jackd2";
            return;
        }
    }
    // In synchronous mode the server waits for its clients, however busy the machine is.
    const std::string period = rate_hz >= 32000 ? "1024" : "256";
    server_.emplace(std::vector<std::string>{"jackd", "--no-realtime", "--no-mlock", "--sync", "--name",
                                             name_, "-d", "dummy", "-r", std::to_string(rate_hz), "-p",
                                             period},
                    std::vector<std::string>{"JACK_NO_AUDIO_RESERVATION=1"});
    BackgroundProcess wait({"jack_wait", "--server", name_, "--wait", "--timeout", "5"}, environment());
    if (wait.ends(8s) != 0) {
        server_->ends(100ms);
        problem_ = "jackd does not run here: " + server_->output() + server_->errors();
    }
}

JackServer::~JackServer() {
    stop();
    // Removes what clients leave behind when their server ends first.
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/dev/shm", ignored)) {
        if (entry.path().filename().string().find(name_ + "_") != std::string::npos) {
            std::filesystem::remove(entry.path(), ignored);
        }
    }
}

std::vector<std::string> JackServer::environment() const {
    return {"JACK_DEFAULT_SERVER=" + name_, "JACK_NO_START_SERVER=1", no_pulse, no_leaks};
}

bool JackServer::connect(const std::string& from, const std::string& to) const {
    BackgroundProcess connection({"jack_connect", "-s", name_, from, to}, environment());
    return connection.ends(5s) == 0;
}

void JackServer::stop() {
    // Not killed: JACK keeps a list of eight servers, and only the server itself removes its name from it.
    server_.reset();
}

PulseDaemon::PulseDaemon() {
    for (const char* program : {"pulseaudio", "pactl", "parecord"}) {
        if (!is_installed(program)) {
            problem_ =
                std::string(program) + " is not installed: Debian packages pulseaudio, pulseaudio-utils";
            return;
        }
    }
    const std::string script =
        folder_.write("script.pa", "load-module module-native-protocol-unix auth-anonymous=1 socket=" +
                                       folder_.file("socket") +
                                       "\n"
                                       "load-module module-null-sink sink_name=keytone rate=48000\n"
                                       "set-default-sink keytone\n"
                                       "set-default-source keytone.monitor\n");
    daemon_.emplace(std::vector<std::string>{"pulseaudio", "-n", "-F", script, "--daemonize=no",
                                             "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes",
                                             "--realtime=no", "--high-priority=no", "--log-target=stderr",
                                             "--log-level=notice"},
                    environment());
    // The socket exists before the sink does: it answers when the whole script is done.
    for (int attempt = 0; attempt < 50 && !std::filesystem::exists(folder_.file("socket")); ++attempt) {
        if (daemon_->ends(100ms)) {
            break;
        }
    }
    BackgroundProcess info({"pactl", "info"}, environment());
    if (info.ends(5s) != 0 || info.output().find("keytone.monitor") == std::string::npos) {
        problem_ = "pulseaudio does not run here: " + daemon_->errors() + info.errors();
    }
}

std::vector<std::string> PulseDaemon::environment() const {
    const std::string folder = folder_.path().string();
    return {"HOME=" + folder,
            "XDG_RUNTIME_DIR=" + folder,
            "XDG_CONFIG_HOME=" + folder,
            "PULSE_RUNTIME_PATH=" + folder,
            "PULSE_STATE_PATH=" + folder,
            "PULSE_SERVER=unix:" + folder_.file("socket"),
            "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent",
            "DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nonexistent",
            no_jack,
            "JACK_NO_START_SERVER=1",
            no_leaks};
}

void PulseDaemon::kill() {
    daemon_->signal(SIGKILL);
    daemon_->ends(5s);
}

} // namespace keytone::test
