exec ninja -C build/release -k 5 -j3 bin/keytone-server
