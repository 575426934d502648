using System.CommandLine;
using CertOperator;
using CertOperator.Cli;

// .NET looks for certificate stores below the home folder whenever it verifies a TLS connection. They need not be there, but where
// the user has no home, as in an image without /etc/passwd, it verifies nothing; the folder for this case is "/".
if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("HOME")))
    Environment.SetEnvironmentVariable("HOME", Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

string path = Environment.GetCommandLineArgs()[0];
var shell = Shell.OfProcess();
// What is under way is brought to its end on SIGTERM, within the 30 seconds that Kubernetes gives.
var io = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(25) };
return await Invocation.RunAsync(Composition.Create(shell, path), args, io, shell, path);
