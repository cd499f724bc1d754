package main

import (
	"slices"

	"github.com/sanbian/ledger/internal/exchange"
)

// exported lists the headings of all files that come in and go out.
func exported() []string {
	list := slices.Concat(exchange.PayoutHeadings, exchange.ShareholderHeadings, exchange.HoldingHeadings, exchange.RegisterHeadings, exchange.IncomeHeadings, exchange.SummaryHeadings)
	for _, c := range slices.Concat(exchange.DivisionColumns, exchange.ShareholderColumns) {
		list = append(list, c.Headings[0])
	}
	return list
}
