using System.Net;
using System.Net.Sockets;
using System.Text;
using CertOperator.Network;
using CertOperator.Telemetry;

namespace CertOperator.Challenges.SelfChecks;

/// <summary>Asks one address for an HTTP-01 answer as the CA would. Nothing of what comes back goes further than this class.</summary>
internal static class HttpProbe
{
    /// <summary>More than any key authorization has.</summary>
    private const int MostBytes = 1024;

    /// <summary>Headers and body, on the wire.</summary>
    private const int MostWire = 64 * 1024;

    /// <param name="address">Who is asked, whatever the name resolves to.</param>
    /// <param name="port">On which port.</param>
    /// <param name="question">What for.</param>
    /// <param name="deadline">Ends it as <see cref="ProbeOutcome.TimedOut"/>.</param>
    public static async Task<ProbeResult> AskAsync(IPAddress address, int port, SelfCheckQuestion question, CancellationToken deadline)
    {
        try
        {
            // One handler for one question: a pooled connection could lead to another address of the same name.
            using var handler = new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
                AutomaticDecompression = DecompressionMethods.None,
                MaxResponseHeadersLength = 16,
                ActivityHeadersPropagator = null,
                ConnectCallback = async (_, cancel) => await BoundedConnection.OpenAsync(new IPEndPoint(address, port), MostWire, cancel),
            };
            using var client = new HttpMessageInvoker(handler);
            using var request = new HttpRequestMessage(HttpMethod.Get, question.Url);
            request.Headers.Add("User-Agent", Product.UserAgent);
            request.Headers.ConnectionClose = true;
            using HttpResponseMessage response = await client.SendAsync(request, deadline);
            return await ReadAsync(address, response, question, deadline);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new ProbeResult(address, ProbeOutcome.TimedOut);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException)
        {
            return new ProbeResult(address, ConnectFailures.Of(failure) switch
            {
                ConnectFailure.Refused => ProbeOutcome.Refused,
                ConnectFailure.TimedOut => ProbeOutcome.TimedOut,
                ConnectFailure.NoRoute => ProbeOutcome.NoRoute,
                _ => ProbeOutcome.Broken,
            });
        }
    }

    private static async Task<ProbeResult> ReadAsync(IPAddress address, HttpResponseMessage response, SelfCheckQuestion question, CancellationToken deadline)
    {
        int status = (int)response.StatusCode;
        if (status is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is not null)
            return new ProbeResult(address, ProbeOutcome.Redirect, status);
        if (status != 200)
            return new ProbeResult(address, ProbeOutcome.WrongStatus, status);

        byte[] body = new byte[MostBytes];
        await using Stream stream = await response.Content.ReadAsStreamAsync(deadline);
        int length = await stream.ReadAtLeastAsync(body, MostBytes, throwOnEndOfStream: false, deadline);
        bool isRight = Encoding.ASCII.GetString(body, 0, length).TrimEnd() == question.Body;
        return new ProbeResult(address, isRight ? ProbeOutcome.Right : ProbeOutcome.WrongBody, status);
    }
}
