package main

import (
	"slices"

	"github.com/sanbian/ledger/internal/exchange"
)

// exported lists the headings of all files that come in and go out.
func exported() []string {
	list := slices.Concat(exchange.PayoutHeadings, exchange.ShareholderHeadings, exchange.HoldingHeadings, exchange.RegisterHeadings,
		exchange.IncomeHeadings, exchange.SummaryHeadings, exchange.EntityHeadings, exchange.ContributionHeadings,
		exchange.TransformationHeadings, exchange.PlanHeadings, exchange.StatementHeadings, exchange.MemberHeadings, exchange.TradeHeadings,
		exchange.JournalHeadings)
	for _, c := range slices.Concat(exchange.Columns(exchange.Divisions), exchange.Columns(exchange.Shareholders),
		exchange.Columns(exchange.Contributions), exchange.Columns(exchange.Income), exchange.Columns(exchange.Trade), exchange.ResultColumns()) {
		list = append(list, c.Headings[0])
	}
	return list
}
