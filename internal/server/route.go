package server

import "net/http"

// route leads an address to its handler. Each file registers its own, above its handlers.
type route struct {
	method, path string
	do           handler
	open         bool  // needs no sign-in
	most         int64 // bytes that a request may bring, 0 for as much as a form
}

// table holds all routes.
var table []route

// on registers routes.
func on(list ...route) struct{} {
	table = append(table, list...)
	return struct{}{}
}

func get(path string, do handler) route { return route{method: http.MethodGet, path: path, do: do} }

func post(path string, do handler) route { return route{method: http.MethodPost, path: path, do: do} }

// forAnybody lets everybody in, also without a sign-in.
func (r route) forAnybody() route {
	r.open = true
	return r
}

// upTo lets requests bring so many bytes.
func (r route) upTo(most int64) route {
	r.most = most
	return r
}
