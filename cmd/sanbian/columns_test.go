package main

import (
	"slices"

	"github.com/sanbian/ledger/internal/exchange"
)

// exported lists the headings of all files that come in and go out.
func exported() (list []string) {
	for _, l := range exchange.Lists() {
		list = append(list, l.Headings...)
	}
	for _, c := range slices.Concat(exchange.Columns(exchange.Divisions), exchange.Columns(exchange.Shareholders),
		exchange.Columns(exchange.Contributions), exchange.Columns(exchange.Income), exchange.Columns(exchange.Trade), exchange.ResultColumns()) {
		list = append(list, c.Headings[0])
	}
	return list
}
