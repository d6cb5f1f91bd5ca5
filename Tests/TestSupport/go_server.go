// The servers of GoServer.swift: go_server MODE DIRECTORY, where DIRECTORY holds their files.
package main

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

const rayID = "8f1d2c3b4a5e6f70-FRA"

var clientAuthorities = x509.NewCertPool()

func main() {
	log.SetOutput(io.Discard)
	mode, directory := os.Args[1], os.Args[2]
	pair := must(tls.LoadX509KeyPair(filepath.Join(directory, "both.pem"), filepath.Join(directory, "both.pem")))
	clientAuthorities.AppendCertsFromPEM(must(os.ReadFile(filepath.Join(directory, "client-ca.pem"))))
	config := &tls.Config{
		Certificates: []tls.Certificate{pair}, ClientCAs: clientAuthorities, ClientAuth: tls.RequestClientCert,
		NextProtos: []string{"h2", "http/1.1"},
	}
	if strings.HasSuffix(mode, "-tls12") {
		config.MaxVersion = tls.VersionTLS12
	}
	handler := letIn
	switch strings.TrimSuffix(mode, "-tls12") {
	case "required":
		config.ClientAuth = tls.RequireAndVerifyClientCert
	case "if-given":
		config.ClientAuth = tls.VerifyClientCertIfGiven
	case "cloudflare":
		handler = cloudflare
	case "aws-verify":
		config.GetConfigForClient = closing(config)
	case "aws-passthrough":
		handler = passThrough
	default:
		log.Fatalln("unknown mode", mode)
	}
	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	fmt.Println("port", listener.Addr().(*net.TCPAddr).Port)
	server := &http.Server{Handler: http.HandlerFunc(handler), TLSConfig: config}
	log.Fatalln(server.ServeTLS(listener, "", ""))
}

func must[Value any](value Value, err error) Value {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	return value
}

// verified is nil without a client certificate, and for one that a server would refuse.
func verified(chain []*x509.Certificate) *x509.Certificate {
	if len(chain) == 0 {
		return nil
	}
	options := x509.VerifyOptions{
		Roots: clientAuthorities, Intermediates: x509.NewCertPool(),
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	for _, certificate := range chain[1:] {
		options.Intermediates.AddCert(certificate)
	}
	if _, err := chain[0].Verify(options); err != nil {
		return nil
	}
	return chain[0]
}

func letIn(writer http.ResponseWriter, request *http.Request) {
	io.WriteString(writer, "let in\n")
}

// cloudflare takes any certificate in the handshake and applies a rule afterwards, as Cloudflare's edge does.
func cloudflare(writer http.ResponseWriter, request *http.Request) {
	header := writer.Header()
	header.Set("Server", "cloudflare")
	header.Set("CF-RAY", rayID)
	certificate := verified(request.TLS.PeerCertificates)
	if certificate == nil {
		header.Set("Content-Type", "text/plain; charset=UTF-8")
		writer.WriteHeader(http.StatusForbidden)
		io.WriteString(writer, "error code: 1020")
		return
	}
	header.Set("Set-Cookie", "CF_Authorization=eyJhbGciOiJSUzI1NiJ9; Secure; HttpOnly; SameSite=None")
	fmt.Fprintf(writer, "cf.tls_client_auth.cert_fingerprint_sha256=%x\n", sha256.Sum256(certificate.Raw))
}

// closing is an Application Load Balancer in verify mode: it refuses clients by closing the connection, without an alert.
func closing(config *tls.Config) func(*tls.ClientHelloInfo) (*tls.Config, error) {
	return func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		own := config.Clone()
		own.GetConfigForClient = nil
		own.VerifyConnection = func(state tls.ConnectionState) error {
			if verified(state.PeerCertificates) != nil {
				return nil
			}
			hello.Conn.Close()
			return errors.New("refused")
		}
		return own, nil
	}
}

// passThrough is an Application Load Balancer in passthrough mode, in front of a service that verifies the header and
// echoes it.
func passThrough(writer http.ResponseWriter, request *http.Request) {
	chain := request.TLS.PeerCertificates
	forwarded := ""
	for _, certificate := range chain {
		forwarded += percentEncoded(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw}))
	}
	if verified(chain) == nil {
		writer.WriteHeader(http.StatusForbidden)
		io.WriteString(writer, "X-Amzn-Mtls-Clientcert: not ours\n")
		return
	}
	io.WriteString(writer, "X-Amzn-Mtls-Clientcert: "+forwarded+"\n")
}

// percentEncoded keeps the characters that AWS keeps: letters, digits and +=/-._
func percentEncoded(text []byte) string {
	var result strings.Builder
	for _, character := range text {
		kept := 'a' <= character && character <= 'z' || 'A' <= character && character <= 'Z' ||
			'0' <= character && character <= '9' || strings.IndexByte("+=/-._", character) >= 0
		if kept {
			result.WriteByte(character)
		} else {
			fmt.Fprintf(&result, "%%%02X", character)
		}
	}
	return result.String()
}
