// Package metrics counts and times what the program does, in Prometheus' format, for whoever keeps the machine. It holds nothing of the
// books but how long their chains are.
package metrics

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/sanbian/ledger/internal/backup"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/store"
)

// Metrics are those of one ledger: it is a journal.Watcher, and is told of pages.
type Metrics struct {
	registry *prometheus.Registry
	posts    *prometheus.CounterVec
	entries  prometheus.Counter
	wait     prometheus.Histogram
	post     prometheus.Histogram
	commit   prometheus.Histogram
	batch    prometheus.Histogram
	pages    *prometheus.HistogramVec
}

// quick are bounds for what takes from a tenth of a millisecond to ten seconds.
var quick = []float64{.0001, .0003, .001, .003, .01, .03, .1, .3, 1, 3, 10}

// New makes the metrics of a ledger in a store, whose backups a keeper makes (nil for nobody).
func New(l *journal.Ledger, s store.Store, keeper *backup.Keeper, now func() time.Time) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(),
		posts: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "sanbian_posts_total",
			Help: "Postings, by the code of their refusal; taken for those that were not refused."}, []string{"result"}),
		entries: prometheus.NewCounter(prometheus.CounterOpts{Name: "sanbian_entries_total", Help: "Entries of postings that were taken."}),
		wait:    times("sanbian_post_wait_seconds", "How long postings waited for their turn."),
		post:    times("sanbian_post_seconds", "How long postings took once it was their turn."),
		commit:  times("sanbian_commit_seconds", "How long transactions of the committer took."),
		batch: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "sanbian_commit_postings",
			Help: "Postings of one transaction.", Buckets: []float64{1, 2, 4, 8, 16, 32, 64, 128, 256}}),
		pages: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "sanbian_page_seconds",
			Help:    "How long pages took, by route and status.",
			Buckets: quick}, []string{"route", "status"}),
	}
	gauge := func(name, help string, f func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, f)
	}
	m.registry.MustRegister(m.posts, m.entries, m.wait, m.post, m.commit, m.batch, m.pages, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), ends{s},
		gauge("sanbian_queue_length", "Postings that wait.", func() float64 { return float64(l.Waiting()) }),
		gauge("sanbian_stuck", "1 while a long posting waits for room on the disk.", func() float64 {
			if l.Stuck() {
				return 1
			}
			return 0
		}),
		gauge("sanbian_store_bytes", "What the books' file takes.", func() float64 { return float64(s.Stats().Size) }),
		gauge("sanbian_store_free_bytes", "How much of it is free pages.", func() float64 { return float64(s.Stats().Free) }))
	if keeper != nil {
		m.registry.MustRegister(
			gauge("sanbian_backup_age_seconds", "Since the moment that the newest verified backup is of; -1 where there is none.", func() float64 {
				if last := keeper.State().Last; last != nil {
					return now().Sub(last.Made).Seconds()
				}
				return -1
			}),
			gauge("sanbian_archive_age_seconds", "Since the archive last had everything; -1 where it never had.", func() float64 {
				if at := keeper.State().Archived; !at.IsZero() {
					return now().Sub(at).Seconds()
				}
				return -1
			}),
			gauge("sanbian_backup_failed", "1 where the newest backup failed.", func() float64 {
				if keeper.State().Failed != "" {
					return 1
				}
				return 0
			}))
	}
	l.Watch(m)
	return m
}

func times(name, help string) prometheus.Histogram {
	return prometheus.NewHistogram(prometheus.HistogramOpts{Name: name, Help: help, Buckets: quick})
}

// Posted counts a posting.
func (m *Metrics) Posted(entries int, refused journal.Code, waited, took time.Duration) {
	m.wait.Observe(waited.Seconds())
	m.post.Observe(took.Seconds())
	if refused != "" {
		m.posts.WithLabelValues(string(refused)).Inc()
		return
	}
	m.posts.WithLabelValues("taken").Inc()
	m.entries.Add(float64(entries))
}

// Committed times a transaction.
func (m *Metrics) Committed(postings int, took time.Duration) {
	m.batch.Observe(float64(postings))
	m.commit.Observe(took.Seconds())
}

// Page times a page by the route as it is registered.
func (m *Metrics) Page(route string, status int, took time.Duration) {
	m.pages.WithLabelValues(route, strconv.Itoa(status)).Observe(took.Seconds())
}

// Handler serves the metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// ends are where the chains end.
type ends struct{ store store.Store }

var endOf = prometheus.NewDesc("sanbian_journal_end", "The number of the last record of a chain.", []string{"chain"}, nil)

// Describe is that of a collector.
func (ends) Describe(to chan<- *prometheus.Desc) { to <- endOf }

// Collect is that of a collector.
func (e ends) Collect(to chan<- prometheus.Metric) {
	_ = e.store.View(func(r store.Reader) error {
		for _, c := range journal.Ends(r) {
			to <- prometheus.MustNewConstMetric(endOf, prometheus.GaugeValue, float64(c.Seq), c.Chain)
		}
		return nil
	})
}
