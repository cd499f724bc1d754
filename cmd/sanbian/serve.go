package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/net/netutil"
	"gopkg.in/natefinch/lumberjack.v2"

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/demo"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/metrics"
	"github.com/sanbian/ledger/internal/server"
	"github.com/sanbian/ledger/internal/store"
)

func serveCommand(o *options) *cobra.Command {
	var demonstrate bool
	var door entrance
	var site server.Options
	var plan schedule
	requests := lumberjack.Logger{MaxSize: 20, MaxBackups: 5}
	c := &cobra.Command{
		Use: "serve", Short: "打开台账,提供网页 / open the ledger and serve its pages", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if requests.Filename != "" {
				site.Requests = &requests
				defer requests.Close()
			}
			return serve(cmd, o, door, demonstrate, site, plan)
		},
	}
	c.Flags().BoolVar(&demonstrate, "demo", false, "填入演示数据(只填一次) / fill in a demonstration, once")
	suiteFlag(c, &o.suite)
	plan.flags(c)
	c.Flags().StringVar(&door.address, "listen", "127.0.0.1:8080", "监听地址 / address to listen on")
	c.Flags().StringVar(&door.cert, "tls-cert", "", "HTTPS 证书(PEM),换了文件自动重读 / certificate for HTTPS, read again when it changes")
	c.Flags().StringVar(&door.key, "tls-key", "", "证书的私钥(PEM) / its key")
	c.Flags().StringVar(&door.from.directory, "acme", "", "从本网的 ACME 服务器领 HTTPS 证书:它的目录地址 / certificates from an ACME server: its directory")
	c.Flags().StringVar(&door.from.root, "acme-root", "", "签那台服务器证书的根证书(PEM) / what signs that server's own certificate")
	c.Flags().StringSliceVar(&site.Hosts, "host", nil, "只答应这些主机名,不写不限 / names that it answers for; any where none is given")
	c.Flags().DurationVar(&site.LogKept, "log-kept", 2*access.LeastKept, "访问日志留多久,至少半年 / how long the log of who came in is kept")
	c.Flags().StringVar(&door.metrics, "metrics", "", "在这个地址提供 Prometheus 指标,例如 127.0.0.1:9180;不要让外面连得到 / where to serve metrics")
	c.Flags().StringVar(&requests.Filename, "request-log", "", "每个请求记一行 JSON 的文件,没有号码 / a file with a line of JSON about each request")
	c.Flags().DurationVar(&site.Idle, "idle", server.DefaultIdle, "多久不用就要重新登录 / a session that nobody uses ends after")
	c.Flags().DurationVar(&site.Life, "session", server.DefaultLife, "登录最长多久 / any session ends after")
	c.Flags().BoolVar(&site.Secure, "secure-cookie", false, "前面有 HTTPS 时使用 / set when HTTPS stands in front")
	c.Flags().StringSliceVar(&site.Proxies, "proxy", nil, "前面代理的地址或网段,只信它报的访问者地址 / proxies whose X-Forwarded-For counts")
	c.Flags().StringVar(&site.Public, "public", "", "股权证二维码指向的网址,例如 http://10.0.0.8:8080;不写就用打印时的地址 / where the codes on certificates lead")
	return c
}

// bareText warns of an entrance without HTTPS that other machines can reach.
const bareText = "注意:没有 HTTPS,别的机器连上来,密码和号码在网线上看得见。请用 --tls-cert 和 --tls-key,或在前面放 HTTPS 代理并写 --secure-cookie"

// entrance is where browsers come in.
type entrance struct {
	address, cert, key string
	from               issuer // of certificates, where there are no files
	metrics            string // where metrics are served, "" for nowhere
}

// mostConnections are taken at once; others wait.
const mostConnections = 2000

// listen opens the entrance, with HTTPS where there is a certificate.
func (e entrance) listen() (net.Listener, error) {
	config, err := e.config()
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", e.address)
	if err != nil {
		return nil, tell("不能在 %s 上监听:%s", e.address, err.Error())
	}
	listener = netutil.LimitListener(listener, mostConnections)
	if config != nil {
		listener = tls.NewListener(listener, config)
	}
	return listener, nil
}

// secure tells whether browsers come in by HTTPS.
func (e entrance) secure() bool { return e.cert != "" || e.from.directory != "" }

// scheme is what addresses begin with.
func (e entrance) scheme() string {
	if e.secure() {
		return "https://"
	}
	return "http://"
}

// config says where certificates come from: files, an ACME server; nil for neither.
func (e entrance) config() (*tls.Config, error) {
	switch {
	case (e.cert == "") != (e.key == ""):
		return nil, tell("--tls-cert 和 --tls-key 要一起写")
	case e.from.root != "" && e.from.directory == "":
		return nil, tell("--acme-root 要和 --acme 一起写")
	case e.cert != "" && e.from.directory != "":
		return nil, tell("证书要么用 --tls-cert 的文件,要么用 --acme 去领,只写一样")
	case e.from.directory != "":
		return e.from.config()
	case e.cert == "":
		return nil, nil
	}
	own, err := loadCertificate(e.cert, e.key)
	if err != nil {
		return nil, err
	}
	return &tls.Config{GetCertificate: own.get, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}, nil
}

func serve(cmd *cobra.Command, o *options, door entrance, demonstrate bool, options server.Options, plan schedule) error {
	if demonstrate {
		if err := fillDemo(o); err != nil {
			return err
		}
	}
	b, err := o.open(true, time.Now)
	if err != nil {
		return err
	}
	defer b.close()
	if err := o.ownTemp(); err != nil { // the folder may be new
		return err
	}
	keeper, err := plan.keeper(o, b)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	b.keeper = keeper
	options.Secure, options.Backups, options.Checks, options.Seals = options.Secure || door.secure(), keeper, o.checks(b), o.seals()
	if door.metrics != "" {
		counted := metrics.New(b.Ledger, b.store, keeper, time.Now)
		options.Timed = counted.Page
		at, err := net.Listen("tcp", door.metrics)
		if err != nil {
			return tell("不能在 %s 上监听:%s", door.metrics, err.Error())
		}
		defer at.Close()
		go func() { _ = http.Serve(at, counted.Handler()) }() // ends with its listener
	}
	banks, err := o.banks()
	if err != nil {
		return err
	}
	handler, err := server.New(b.Ledger, b.files, banks, options)
	if err != nil {
		return err
	}
	door.from.hosts, door.from.keep = options.Hosts, filepath.Join(o.data, "certificates")
	listener, err := door.listen()
	if err != nil {
		return err
	}
	commands, err := o.takeCommands(b)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer commands.Close(mostPatience)
	if err := o.greet(cmd, b, door.scheme()+listener.Addr().String()); err != nil {
		return err
	}
	if !options.Secure && beyondThisMachine(listener.Addr()) {
		fmt.Fprintln(cmd.ErrOrStderr(), o.translator().T(bareText))
	}
	runs := []func(context.Context, <-chan time.Time){o.daily(b).Run}
	if keeper != nil {
		runs = append(runs, keeper.Run)
	}
	defer everyMinute(ctx, stop, runs)()
	return serveUntil(ctx, listener, handler)
}

// mostPatience is how long answers under way are waited for when the program is told to stop.
const mostPatience = 20 * time.Second

// serveUntil answers browsers until the context ends, and then finishes what is under way; who stalls for longer is cut off.
func serveUntil(ctx context.Context, listener net.Listener, handler http.Handler) error {
	site := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 5 * time.Minute, MaxHeaderBytes: 64 << 10,
		WriteTimeout: 10 * time.Minute, IdleTimeout: 2 * time.Minute} // a reader that stalls must not hold its snapshot for ever
	failed := make(chan error, 1)
	go func() { failed <- site.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	patience, cancel := context.WithTimeout(context.Background(), mostPatience)
	defer cancel()
	err := site.Shutdown(patience)
	if errors.Is(err, context.DeadlineExceeded) {
		slog.Warn("cut off whoever had not finished", "after", mostPatience)
		return site.Close()
	}
	return err
}

// everyMinute runs what looks every minute whether there is something to do, until the context ends; what it returns waits for that.
func everyMinute(ctx context.Context, stop context.CancelFunc, runs []func(context.Context, <-chan time.Time)) (end func()) {
	var running sync.WaitGroup
	for _, run := range runs {
		running.Go(func() {
			minute := time.NewTicker(time.Minute)
			defer minute.Stop()
			run(ctx, minute.C)
		})
	}
	return func() { stop(); running.Wait() }
}

// fillDemo fills the demonstration into an empty ledger, on a clock of its own so that entries are posted when they would have been.
func fillDemo(o *options) error { return fill(o, demo.Fill) }

// fill fills made-up books into an empty ledger, on a clock of their own.
func fill(o *options, books func(*journal.Ledger, *demo.Clock) error) error {
	clock := &demo.Clock{}
	b, err := o.open(true, clock.Now)
	if err != nil {
		return err
	}
	err = errors.Join(store.InOneGo(b.store, func() error { return books(b.Ledger, clock) }), b.close())
	debug.FreeOSMemory() // the journal was folded in memory: serving takes a part of it
	return err
}

// greet tells where the pages are and what to do first.
func (o *options) greet(cmd *cobra.Command, b *books, url string) error {
	out, say := cmd.OutOrStdout(), o.translator()
	fmt.Fprintln(out, say.T("三变台账在 %s", url))
	isDemo, err := b.IsDemo()
	if err != nil {
		return err
	}
	if isDemo {
		fmt.Fprintln(out, say.T("演示数据。账号(密码都是 %s):", demo.Password))
		for _, l := range demo.Logins {
			fmt.Fprintf(out, "  %-8s %s %s\n", l.Name, l.Region, say.T(string(l.Role.Label())))
		}
		return nil
	}
	has, err := b.HasAccounts()
	if err != nil || has {
		return err
	}
	fmt.Fprintln(out, say.T("台账是空的。请另开一个窗口,依次运行:"))
	fmt.Fprintf(out, "  sanbian import divisions FILE --city %s --data %s\n", say.T("市名"), o.data)
	fmt.Fprintf(out, "  sanbian account add admin --role administrator --region 000000000000 --data %s\n", o.data)
	fmt.Fprintln(out, say.T("然后用 admin 登录,添加其他账号。"))
	return nil
}
