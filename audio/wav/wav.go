// Package wav reads and writes WAV files (RIFF, 16-bit PCM), which is what the
// tests, the file sound device and recordings need. Files are written mono;
// files with more channels are mixed down when read.
//
//	samples, rate, err := wav.Read("voice.wav")
//
//	w, err := wav.NewWriter("out.wav", 8000)
//	err = w.Write(samples)
//	err = w.Close() // writes the lengths into the header
package wav
