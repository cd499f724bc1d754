package web_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// An official's hour: each of eight questions is answered within three clicks from the first page, down to where the figure comes from.
func TestOfficialJourney(t *testing.T) {
	s := newSite(t)
	p := s.as("yixian")
	const questions, asked = `//nav//a[normalize-space()="常问"]`, `//main//a[normalize-space()="%s"]`
	ask := func(text string) string { return strings.ReplaceAll(asked, "%s", text) }
	for _, x := range []struct {
		question string
		clicks   []string
		sees     []string
	}{
		{"which township got worse this year", []string{questions}, []string{"下级哪个地区变差最多", "满族乡,−"}},
		{"why", []string{questions, ask("下级哪个地区变差最多")}, []string{"为什么少了", "按项目", "按对方", "地区和主要原因", "变差最多的村是"}},
		{"what poor households got", []string{questions, ask("脱贫户等各种户得了多少")}, []string{"脱贫户", "低保户", "按股东种类", "村集体"}},
		{"and who they are", []string{questions, ask("脱贫户等各种户得了多少"), `//tr[contains(.,"脱贫户")]//td[@data-l="应付"]/a`},
			[]string{"逐人", "脱贫户"}},
		{"which villages entered nothing this quarter", []string{questions, ask("这个季度哪些村没有录入")}, []string{"没有录入的村", "2026 年第 1 季度"}},
		{"who holds most", []string{questions, ask("谁持股最多")}, []string{"按亩计的股份", "十分之一"}},
		{"what failed at the bank, whose it is, how old", []string{questions, ask("银行退回的是谁的,多久了")},
			[]string{"9 笔", "户名不符", "天数"}},
		{"where the largest sum came from", []string{questions, ask("最大的一笔钱从哪里来")}, []string{"收支", "大棚承包户(演示)"}},
		{"and its record", []string{questions, ask("最大的一笔钱从哪里来"), `//tr[contains(.,"大棚承包户(演示)")]//td[contains(@class,"main")]/a`},
			[]string{"记收支", "大棚承包户(演示)"}},
		{"who paid most", []string{questions, ask("谁付的钱最多")}, []string{"大棚承包户(演示)", "付给集体", "合计"}},
		{"down to the lines", []string{questions, ask("谁付的钱最多"), `//main//tbody/tr[1]//a`}, []string{"收支", "大棚承包户(演示)"}},
		{"which empty shell is nearest to the bound", []string{questions, ask("哪个空壳村离标准最近")}, []string{"离标准最近的村"}},
		{"by the summary's own figures", []string{`//main//th//a[contains(@href,"sort=measure.change")]`}, []string{"大定堡满族乡"}},
		{"and why there", []string{`//main//tr[contains(.,"大定堡满族乡")]//small/a[contains(@href,"figure=measure")]`},
			[]string{"大定堡满族乡 2025 年经营收益为什么少了"}},
	} {
		if len(x.clicks) > 3 {
			t.Errorf("%s: %d clicks", x.question, len(x.clicks))
		}
		p.visit("/")
		for _, click := range x.clicks {
			p.follow(click)
		}
		p.sees(x.sees...)
	}
	p.visit("/summary/210727?sort=measure.change")
	if first := script[string](p, `document.querySelector("table.compared tbody td").innerText`); first != "大定堡满族乡" {
		t.Errorf("the worst township is not first: %s", first)
	}
	p.shot("60-official-summary")
	comparesQuarters(p)
	picturesHaveColours(p)
	printsYear(p)
}

// comparesQuarters puts two quarters and five years side by side.
func comparesQuarters(p *person) {
	p.visit("/summary/210727?year=2025Q4&with=2024Q4")
	p.sees("2025 年第 4 季度", "收支项目", "总收入")
	p.visit("/summary/210727?year=2025Q1-3&show=items")
	p.sees("2025 年前三季度", "2024 年前三季度", "总收入")
	p.visit("/summary/210727?show=years")
	p.sees("五年对照", "2021", "2025", "合计")
	p.visit("/income/210727?year=2025Q4&item=investment")
	p.follow(`//main//tbody//a[normalize-space()="七里河镇"]`)
	p.follow(`//main//tbody//a[normalize-space()="育新村"]`)
	p.follow(`//main//tbody/tr[1]//a`) // of the books that the village has
	if at := p.address(); !strings.Contains(at, "from=2025-10-01") || !strings.Contains(at, "to=2025-12-31") {
		p.Errorf("a quarter's figure leads to %s", at)
	}
}

// picturesHaveColours looks at a cell of the wall in the light, in the dark and on paper, where it must not depend on backgrounds.
func picturesHaveColours(p *person) {
	p.visit("/summary/210727?year=2019")
	fill := func(media, scheme string) string {
		p.Helper()
		if err := chromedp.Do(p.ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media,
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
			return err
		})); err != nil {
			p.Fatal(err)
		}
		return script[string](p, `(() => { const c = document.querySelector(".wall a:has(.cross)");
			return getComputedStyle(c.querySelector("path")).fill + " " + getComputedStyle(c.querySelector(".cross")).stroke; })()`)
	}
	light, dark, paper := fill("screen", "light"), fill("screen", "dark"), fill("print", "light")
	if !strings.HasSuffix(light, " rgb(255, 255, 255)") || strings.HasPrefix(light, "rgb(0, 0, 0)") || dark == light || paper != light {
		p.Errorf("an empty shell is drawn in %s, in the dark in %s, on paper in %s", light, dark, paper)
	}
	fill("", "light")
}

// printsYear looks at the papers of a year.
func printsYear(p *person) {
	p.visit("/sheet/210727?year=2025")
	p.sees("村集体经济与分红情况", "变差最多的村")
	p.visit("/yearreport/210727?year=2025")
	p.sees("年度报告", "收支项目", "空壳村名单", "按股东种类", "填报地区:义县")
	p.visit("/statistics/210727?year=2025")
	p.sees("行次", "1+2+3−4−5", "汇总村数")
	p.shot("61-statistics")
}
