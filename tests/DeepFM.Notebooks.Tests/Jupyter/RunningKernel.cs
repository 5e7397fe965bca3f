using DeepFM.Notebooks.Jupyter;

namespace DeepFM.Notebooks.Tests.Jupyter;

/// <summary>A kernel on loopback with a fake host, and a client that it has answered.</summary>
sealed class RunningKernel : IAsyncDisposable
{
    public RunningKernel(string key = "secret")
    {
        (Connection, Kernel) = Listen(key);
        Client = new Client(Connection).Ready();
    }

    public ConnectionFile Connection { get; }

    public FakeHost Host { get; } = new();

    public StringWriter Log { get; } = new();

    public JupyterKernel Kernel { get; }

    public Client Client { get; }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Kernel.DisposeAsync();
    }

    (ConnectionFile, JupyterKernel) Listen(string key)
    {
        for (int tries = 1; ; tries++)
        {
            ConnectionFile connection = ConnectionFile.OnFreePorts(key);
            try { return (connection, new(connection, () => Host, TextWriter.Synchronized(Log))); }
            catch (UserErrorException) when (tries < 5) { }         // another program was faster
        }
    }
}
