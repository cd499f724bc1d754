// Package backup keeps books outside of their folder, whole copies with their papers and the journal minute by minute, and brings them
// back.
package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/sanbian/ledger/internal/store"
)

// Place is where backups lie: a folder, or a bucket of an S3 store. Names have slashes.
type Place interface {
	// Put keeps what is read under a name, all of it or nothing. What was there is replaced.
	Put(ctx context.Context, name string, from io.Reader) error
	// Get reads what is kept; fs.ErrNotExist where nothing is.
	Get(ctx context.Context, name string) (io.ReadCloser, error)
	// List tells what is kept under names that begin with a folder's, in order.
	List(ctx context.Context, folder string) ([]Kept, error)
	// Delete throws away what is kept under a name; nothing there is no error.
	Delete(ctx context.Context, name string) error
	// String is the place's address, without secrets.
	String() string
}

// Kept is one thing at a place.
type Kept struct {
	Name string
	Size int64 // bytes
	At   time.Time
}

// OpenPlace opens a folder or, with an address s3://host/bucket/folder (s3+http:// on a line without TLS), a bucket. Its keys come from the
// environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
func OpenPlace(address string) (Place, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "s3" && u.Scheme != "s3+http" {
		return folder(address), nil
	}
	bucket, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if u.Host == "" || bucket == "" {
		return nil, fmt.Errorf("%q names no host and bucket", address)
	}
	client, err := minio.New(u.Host, &minio.Options{Creds: credentials.NewEnvAWS(), Secure: u.Scheme == "s3",
		BucketLookup: minio.BucketLookupAuto})
	if err != nil {
		return nil, err
	}
	return &objects{client: client, bucket: bucket, prefix: prefix, address: address}, nil
}

type folder string

func (f folder) String() string { return string(f) }

func (f folder) path(name string) string { return filepath.Join(string(f), filepath.FromSlash(name)) }

func (f folder) Put(ctx context.Context, name string, from io.Reader) error {
	to := f.path(name)
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	return store.WriteFile(to, contextReader{ctx, from})
}

func (f folder) Get(_ context.Context, name string) (io.ReadCloser, error) {
	return os.Open(f.path(name))
}

func (f folder) List(_ context.Context, under string) (list []Kept, err error) {
	err = filepath.WalkDir(f.path(under), func(p string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		st, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		name, err := filepath.Rel(string(f), p)
		list = append(list, Kept{filepath.ToSlash(name), st.Size(), st.ModTime()})
		return err
	})
	slices.SortFunc(list, func(a, b Kept) int { return strings.Compare(a.Name, b.Name) })
	return list, err
}

func (f folder) Delete(_ context.Context, name string) error {
	err := os.Remove(f.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// contextReader reads until its context ends.
type contextReader struct {
	ctx  context.Context
	from io.Reader
}

func (r contextReader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.from.Read(b)
}

// objects are those of an S3 bucket.
type objects struct {
	client                  *minio.Client
	bucket, prefix, address string
}

func (o *objects) String() string { return o.address }

func (o *objects) key(name string) string { return path.Join(o.prefix, name) }

// partSize is how much of an object is sent at once: it is held in memory.
const partSize = 16 << 20

func (o *objects) Put(ctx context.Context, name string, from io.Reader) error {
	// The sum of each part goes along as MD5, which every such store checks; what was kept is read back all the same.
	_, err := o.client.PutObject(ctx, o.bucket, o.key(name), from, -1,
		minio.PutObjectOptions{PartSize: partSize, SendContentMd5: true, DisableContentSha256: true})
	return err
}

func (o *objects) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	at, err := o.client.GetObject(ctx, o.bucket, o.key(name), minio.GetObjectOptions{})
	if err != nil {
		return nil, err
	}
	if _, err := at.Stat(); err != nil {
		if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
			err = fmt.Errorf("%s: %w", name, fs.ErrNotExist)
		}
		return nil, errors.Join(err, at.Close())
	}
	return at, nil
}

func (o *objects) List(ctx context.Context, under string) (list []Kept, err error) {
	for x := range o.client.ListObjects(ctx, o.bucket, minio.ListObjectsOptions{Prefix: o.key(under) + "/", Recursive: true}) {
		if x.Err != nil {
			return nil, x.Err
		}
		name := strings.TrimPrefix(strings.TrimPrefix(x.Key, o.prefix), "/")
		list = append(list, Kept{name, x.Size, x.LastModified})
	}
	slices.SortFunc(list, func(a, b Kept) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

func (o *objects) Delete(ctx context.Context, name string) error {
	return o.client.RemoveObject(ctx, o.bucket, o.key(name), minio.RemoveObjectOptions{})
}
