package main

import (
	"net"
	"net/http"
	"time"

	"deskset/app/lab/xmlservice"
	"deskset/app/play"
)

// demoPeople are found in the directory of a demo's services.
var demoPeople = []xmlservice.Person{{Name: "Ada Echo", Number: "1"}, {Name: "Ben Music", Number: "31"}, {Name: "Cleo Busy", Number: "4"}}

// readTime bounds how long the services wait for a request.
const readTime = 10 * time.Second

// serveDemo starts the server that a demo wants, and gives the flags that tell
// the phone where it is.
func serveDemo(demo play.Demo) (flags []string, stop func(), err error) {
	if !demo.Services {
		return nil, func() {}, nil
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	server := &http.Server{Handler: xmlservice.Handler(demoPeople), ReadTimeout: readTime}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(listener) // ends by Close
	}()
	base := "http://" + listener.Addr().String() + "/"
	return []string{"-services_url", base + "menu", "-directory_url", base + "search"}, func() {
		_ = server.Close()
		<-ended
	}, nil
}
