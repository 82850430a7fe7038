// SPDX-License-Identifier: MIT
#include "tools/device/device_choice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace keytone::tools {
namespace {

using io::AudioDevice;
using io::AudioDirection;
using testing::HasSubstr;

std::vector<AudioDevice> some_devices() {
    return {
        {0, "HDA Intel: ALC257 (hw:0,0)", "ALSA", 2, 2, 44100.0, false, false},
        {1, "USB Headset: Audio (hw:1,0)", "ALSA", 1, 2, 48000.0, false, false},
        {2, "default", "ALSA", 32, 32, 44100.0, true, true},
        {3, "HDMI", "ALSA", 0, 8, 48000.0, false, false},
        {4, "hdmi, too", "ALSA", 0, 8, 48000.0, false, false},
    };
}

/// The number of the chosen device, or why none was chosen.
std::string chosen(AudioDirection direction, const std::string& wanted,
                   const std::vector<AudioDevice>& devices = some_devices()) {
    const auto device = choose_device(devices, direction, wanted);
    if (!device) {
        EXPECT_EQ(device.error().code, ExitCode::failed);
        return device.error().message;
    }
    return std::to_string(device->number);
}

TEST(ChooseDevice, TakesTheDefaultOne) {
    EXPECT_EQ(chosen(AudioDirection::input, ""), "2");
    EXPECT_EQ(chosen(AudioDirection::output, ""), "2");
}

TEST(ChooseDevice, TakesANumberOrAPartOfTheName) {
    EXPECT_EQ(chosen(AudioDirection::output, "3"), "3");
    EXPECT_EQ(chosen(AudioDirection::input, "headset"), "1");
    EXPECT_EQ(chosen(AudioDirection::output, "too"), "4");
    EXPECT_EQ(chosen(AudioDirection::output, "HDMI"), "3") << "a name in full is no part of another";
}

TEST(ChooseDevice, SaysWhatIsWrongAndWhatToDo) {
    EXPECT_EQ(chosen(AudioDirection::output, "(hw:"), "--device '(hw:' may be 0 'HDA Intel: ALC257 (hw:0,0)' "
                                                      "(ALSA) or 1 'USB Headset: Audio (hw:1,0)' (ALSA): "
                                                      "give its number");
    EXPECT_EQ(chosen(AudioDirection::input, "3"),
              "device 3 'HDMI' (ALSA) has no input: choose one that has, see keytone devices");
    EXPECT_EQ(chosen(AudioDirection::input, "hdmi"),
              "--device 'hdmi' is no audio device with an input: see keytone devices");
    EXPECT_EQ(chosen(AudioDirection::input, "17"),
              "--device '17' is no audio device with an input: see keytone devices");
    EXPECT_THAT(chosen(AudioDirection::input, "", {}),
                HasSubstr("there is no audio device with an input: plug one in"));
    EXPECT_THAT(chosen(AudioDirection::input, "", {some_devices()[1]}),
                HasSubstr("no input is the default one: choose"));
}

/// The rate chosen from those that the device supports, or why none was chosen.
std::string rate(double own_hz, int wanted_hz, const std::set<int>& supported) {
    const AudioDevice device{7, "line", "ALSA", 1, 1, own_hz, false, false};
    const auto rate =
        choose_rate(device, wanted_hz, [&](SampleRate offered) { return supported.contains(offered.hz()); });
    return rate ? std::to_string(rate->hz()) : rate.error().message;
}

TEST(ChooseRate, TakesTheDevicesOwnRate) {
    for (const int hz : SampleRate::offered_hz) {
        EXPECT_EQ(rate(hz, 0, {SampleRate::offered_hz.begin(), SampleRate::offered_hz.end()}),
                  std::to_string(hz));
    }
}

TEST(ChooseRate, TakesAnotherWhereTheOwnIsNotOffered) {
    EXPECT_EQ(rate(96000, 0, {8000, 44100}), "44100");
    EXPECT_EQ(rate(48000, 0, {8000}), "8000");
    EXPECT_EQ(rate(1e300, 0, {8000}), "8000");
}

TEST(ChooseRate, TakesTheOneAskedFor) {
    EXPECT_EQ(rate(48000, 8000, {8000, 48000}), "8000");
    EXPECT_EQ(rate(48000, 16000, {8000, 44100, 48000}),
              "device 7 'line' (ALSA) does not work at 16000 Hz: use --rate 8000, 44100 or 48000");
}

TEST(ChooseRate, SaysWhatToDoWhereNoneIsCommon) {
    EXPECT_EQ(rate(64000, 0, {}),
              "device 7 'line' (ALSA) works at 64000 Hz, keytone at 8000, 11025, 12000, "
              "16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000 or 192000 Hz: set its audio "
              "system to one of these, or see that no other program holds the device");
}

} // namespace
} // namespace keytone::tools
