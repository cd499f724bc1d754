package server

import (
	"slices"

	"github.com/sanbian/ledger/internal/ledger/journal"
)

// link is a page that the menu leads to.
type link struct {
	To     string // address; one that ends with / goes on with the account's region
	Active string // the part of the menu that pages name
	Text   journal.Label
	Rest   bool // stands below, among what is only looked up
	Counts bool // shows how many things wait
	Whole  bool // is about everything that the books have, and for those who keep all of it
}

// ofPlace tells whether the address goes on with a region.
func (l link) ofPlace() bool { return l.To != "/" && l.To[len(l.To)-1] == '/' }

// At is the address for an account.
func (l link) At(who journal.Actor) string {
	if l.ofPlace() {
		return l.To + string(who.Region)
	}
	return l.To
}

var (
	books = []link{
		{To: "/shareholders/", Active: "shareholders", Text: "股东"}, {To: "/distributions/", Active: "distributions", Text: "分红"},
		{To: "/entities/", Active: "entities", Text: "经营主体"}, {To: "/resolutions/", Active: "resolutions", Text: "决议"},
		{To: "/summary/", Active: "summary", Text: "汇总", Rest: true},
		{To: "/questions/", Active: "questions", Text: "常问", Rest: true},
		{To: "/transformation/", Active: "transformation", Text: "三变情况", Rest: true},
		warned,
		{To: "/journal/", Active: "journal", Text: "日志", Rest: true},
	}
	contracts = link{To: "/contracts/", Active: "contracts", Text: "合同|多份"}
	warned    = link{To: "/warnings/", Active: "warnings", Text: "预警", Rest: true}
	board     = link{To: "/villages", Active: "villages", Text: "各村"}
	desk      = link{To: "/", Active: "today", Text: "今日", Counts: true}
)

// menus are what each role's menu leads to, its first page first.
var menus = map[journal.Role][]link{
	journal.Administrator: {{To: "/accounts", Active: "accounts", Text: "账号"},
		{To: "/outlines", Active: "outlines", Text: "地图轮廓"}, {To: "/backups", Active: "backups", Text: "备份", Whole: true}},
	journal.Official: {
		{To: "/summary/", Active: "summary", Text: "汇总"}, {To: "/questions/", Active: "questions", Text: "常问"},
		{To: "/shells/", Active: "shells", Text: "空壳村"},
		{To: "/warnings/", Active: "warnings", Text: "预警"}, {To: "/distributions/", Active: "distributions", Text: "分红"},
		{To: "/income/", Active: "income", Text: "集体收支"}, contracts,
		{To: "/entities/", Active: "entities", Text: "经营主体", Rest: true}, {To: "/shareholders/", Active: "shareholders", Text: "股东", Rest: true},
		{To: "/transformation/", Active: "transformation", Text: "三变情况", Rest: true},
		{To: "/resolutions/", Active: "resolutions", Text: "决议", Rest: true},
		{To: "/journal/", Active: "journal", Text: "日志", Rest: true}, {To: "/doubles/", Active: "doubles", Text: "一人两处成员", Rest: true},
		{To: "/settings/", Active: "settings", Text: "设置", Rest: true}, {To: "/forms/", Active: "forms", Text: "报表格式", Rest: true},
	},
	journal.Auditor: {
		{To: "/summary/", Active: "summary", Text: "汇总"}, {To: "/journal/", Active: "journal", Text: "日志"},
		{To: "/log", Active: "log", Text: "访问日志"}, {To: "/warnings/", Active: "warnings", Text: "预警"},
		{To: "/distributions/", Active: "distributions", Text: "分红"}, {To: "/income/", Active: "income", Text: "集体收支"}, contracts,
		{To: "/questions/", Active: "questions", Text: "常问", Rest: true}, {To: "/shells/", Active: "shells", Text: "空壳村", Rest: true},
		{To: "/entities/", Active: "entities", Text: "经营主体", Rest: true}, {To: "/shareholders/", Active: "shareholders", Text: "股东", Rest: true},
		{To: "/transformation/", Active: "transformation", Text: "三变情况", Rest: true},
		{To: "/resolutions/", Active: "resolutions", Text: "决议", Rest: true},
	},
	journal.Supervisor: {
		{To: "/summary/", Active: "summary", Text: "汇总"}, {To: "/income/", Active: "income", Text: "集体收支"}, contracts,
		{To: "/distributions/", Active: "distributions", Text: "分红"}, {To: "/shareholders/", Active: "shareholders", Text: "股东"},
		{To: "/entities/", Active: "entities", Text: "经营主体"}, {To: "/resolutions/", Active: "resolutions", Text: "决议", Rest: true},
		{To: "/transformation/", Active: "transformation", Text: "三变情况", Rest: true},
	},
	journal.Accountant: slices.Concat([]link{desk, {To: "/income/", Active: "income", Text: "录入收支"}, contracts}, books),
	journal.Reviewer:   slices.Concat([]link{desk, {To: "/income/", Active: "income", Text: "集体收支"}, contracts}, books),
}
